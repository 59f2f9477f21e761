-- Adds one block; the block maker's transaction.
-- :height :cid :salt :header
INSERT INTO devnet_block (height, cid, salt, header)
VALUES (:height, :cid, :salt, :header)
