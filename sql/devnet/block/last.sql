-- The youngest blocks, youngest first; what a start reads into memory.
-- :limit
SELECT height, cid, salt, header
  FROM devnet_block
 ORDER BY height DESC
 LIMIT :limit
