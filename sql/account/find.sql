-- One account.
-- :name
SELECT name, password, rights, made_by, made_at, changed_at
  FROM account
 WHERE name = :name
