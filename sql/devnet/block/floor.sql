-- The last block at or below a height.
-- :height
SELECT height, cid, salt, header
  FROM devnet_block
 WHERE height <= :height
 ORDER BY height DESC
 LIMIT 1
