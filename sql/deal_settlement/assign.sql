-- Puts a deal into a message.
-- :deal_id :message_key
UPDATE deal_settlement
   SET message_key = :message_key,
       attempts    = attempts + 1
 WHERE deal_id = :deal_id
   AND ended_at IS NULL
