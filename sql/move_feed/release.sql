-- Lets another node hand out.
-- :name :topic :token
UPDATE move_feed
   SET lease_owner = NULL, lease_token = NULL, lease_until = NULL
 WHERE name = :name
   AND topic = :topic
   AND lease_token = :token
