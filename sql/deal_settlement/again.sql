-- Takes a deal out of a message that did not settle it.
-- :deal_id :error
UPDATE deal_settlement
   SET message_key = NULL,
       error       = :error
 WHERE deal_id = :deal_id
   AND ended_at IS NULL
