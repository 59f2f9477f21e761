-- Takes back every change above a height; a reorg's transaction.
-- :height
DELETE FROM devnet_state_entry
 WHERE height > :height
