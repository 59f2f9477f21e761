-- The message is there after all.
-- :intent_key
DELETE FROM chain_message_gone
 WHERE intent_key = :intent_key
