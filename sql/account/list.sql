-- All accounts.
SELECT name, password, rights, made_by, made_at, changed_at
  FROM account
 ORDER BY name
