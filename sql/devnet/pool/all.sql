-- The whole mempool; what a start reads into memory.
SELECT body
  FROM devnet_pool_message
