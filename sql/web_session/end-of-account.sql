-- All sessions of an account end.
-- :account
DELETE FROM web_session
 WHERE account = :account
