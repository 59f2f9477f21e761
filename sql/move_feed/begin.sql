-- Notes where a receiver begins, once.
-- :name :topic :token :place
UPDATE move_feed
   SET place = :place
 WHERE name = :name
   AND topic = :topic
   AND lease_token = :token
   AND place IS NULL
