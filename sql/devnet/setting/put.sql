-- Keeps one fact of the chain's birth; written once, with genesis.
-- :name :value
INSERT INTO devnet_setting (name, value)
VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE
   SET value = excluded.value
