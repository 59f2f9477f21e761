-- Drops a message from the mempool: executed, replaced or thrown out.
-- :cid
DELETE FROM devnet_pool_message
 WHERE cid = :cid
