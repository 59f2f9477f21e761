-- The block of this CID.
-- :cid
SELECT height, cid, salt, header
  FROM devnet_block
 WHERE cid = :cid
