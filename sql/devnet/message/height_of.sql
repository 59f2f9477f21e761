-- The height of the block that carries a message, by its own or its inner CID.
-- :cid
SELECT height
  FROM devnet_message
 WHERE cid = :cid
    OR inner_cid = :cid
 LIMIT 1
