-- Everybody who is signed in; by a token only while it counts.
-- :now
SELECT s.hash, s.name, s.account, s.token, s.rights, s.address, s.made_at, s.used_at, s.ends_at
  FROM web_session s
  LEFT JOIN access_token t ON t.id = s.token
 WHERE s.ends_at > :now
   AND (s.token IS NULL OR t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > :now))
 ORDER BY s.made_at
