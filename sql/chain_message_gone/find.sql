-- Since when a message's nonce is used by another message.
-- :intent_key
SELECT since_epoch
  FROM chain_message_gone
 WHERE intent_key = :intent_key
