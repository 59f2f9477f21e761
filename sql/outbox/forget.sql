-- Forgets moves that everybody has had time to read; the histories keep them.
-- :before
DELETE FROM outbox
 WHERE at < :before
