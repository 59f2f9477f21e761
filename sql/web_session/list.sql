-- Everybody who is signed in.
-- :now
SELECT hash, name, account, rights, address, made_at, used_at, ends_at
  FROM web_session
 WHERE ends_at > :now
 ORDER BY made_at
