-- One fact of the chain's birth.
-- :name
SELECT value
  FROM devnet_setting
 WHERE name = :name
