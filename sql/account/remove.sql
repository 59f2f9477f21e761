-- An account goes, and its sessions with it.
-- :name
DELETE FROM account
 WHERE name = :name
