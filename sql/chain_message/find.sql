-- One message by the need it serves.
-- :intent_key
SELECT *
  FROM chain_message
 WHERE intent_key = :intent_key
