-- Sets one row of the state from a height on; the block maker's transaction, and changes on demand to the state after the head.
-- :state_table :key :height :value
INSERT INTO devnet_state_entry (state_table, key, height, value)
VALUES (:state_table, :key, :height, CAST(:value AS bytea))
ON CONFLICT (state_table, key, height) DO UPDATE
   SET value = excluded.value
