-- One value that the node remembers.
-- :name
SELECT value
  FROM setting
 WHERE name = :name
