-- Somebody who is signed in was here.
-- :hash :now
UPDATE web_session
   SET used_at = :now
 WHERE hash = :hash
   AND used_at < :now
