-- One message by its key, locked until the transaction ends: whoever changes its status reads it so.
-- :intent_key
SELECT *
  FROM chain_message
 WHERE intent_key = :intent_key
   FOR UPDATE
