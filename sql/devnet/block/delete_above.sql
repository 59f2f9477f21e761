-- Takes back every block above a height, its messages with it; a reorg's transaction.
-- :height
DELETE FROM devnet_block
 WHERE height > :height
