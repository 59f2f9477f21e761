-- Takes or prolongs the right to hand out to a receiver: free, run out, or left by an earlier life of this node.
-- :name :topic :owner :token :now :until
UPDATE move_feed
   SET lease_owner = :owner, lease_token = :token, lease_until = :until
 WHERE name = :name
   AND topic = :topic
   AND (lease_until IS NULL OR lease_owner = :owner OR lease_until < :now)
RETURNING *
