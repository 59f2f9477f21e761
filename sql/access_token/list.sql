-- All tokens that are remembered.
SELECT id, name, hash, rights, made_by, made_at, expires_at, revoked_at
  FROM access_token
 ORDER BY made_at, id
