-- Tokens of that id or name count no more.
-- :which :now
UPDATE access_token
   SET revoked_at = :now
 WHERE (id = :which OR name = :which)
   AND revoked_at IS NULL
