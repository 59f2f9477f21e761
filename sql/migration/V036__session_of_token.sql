-- Whoever signed in by a token is signed in no longer than the token counts.

DELETE FROM web_session
 WHERE account IS NULL
   AND (name LIKE 'token %' OR name = 'an unlisted token');

ALTER TABLE web_session
  ADD COLUMN token text REFERENCES access_token (id) ON DELETE CASCADE;
COMMENT ON COLUMN web_session.token IS 'the token it began with; null for who came otherwise';
CREATE INDEX web_session_token ON web_session (token);
