-- Somebody signed out.
-- :hash
DELETE FROM web_session
 WHERE hash = :hash
