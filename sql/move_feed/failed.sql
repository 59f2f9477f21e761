-- The receiver did not take the next one.
-- :name :topic :token :error :now
UPDATE move_feed
   SET failures = failures + 1,
       failing_since = coalesce(failing_since, :now),
       last_error = :error
 WHERE name = :name
   AND topic = :topic
   AND lease_token = :token
