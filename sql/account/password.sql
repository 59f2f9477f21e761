-- Another password.
-- :name :password :now
UPDATE account
   SET password = :password, changed_at = :now
 WHERE name = :name
