-- Forgets tokens that ended before that moment.
-- :before
DELETE FROM access_token
 WHERE expires_at < :before
    OR revoked_at < :before
