-- Forgets sessions that have ended, or were idle too long.
-- :now :idle_since
DELETE FROM web_session
 WHERE ends_at <= :now
    OR used_at < :idle_since
