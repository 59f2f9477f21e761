-- All sessions end.
DELETE FROM web_session
