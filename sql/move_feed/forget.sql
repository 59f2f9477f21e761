-- A receiver that nobody hands anything to any more.
-- :name :topic :now
DELETE FROM move_feed
 WHERE name = :name
   AND topic = :topic
   AND (lease_until IS NULL OR lease_until < :now)
