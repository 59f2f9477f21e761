-- Notes the bytes that a message was signed as; runs in the transaction that stores them, so none is ever forgotten.
-- :intent_key :cid :signed_epoch :now
INSERT INTO chain_message_version (intent_key, number, cid, signed_epoch, created_at)
SELECT :intent_key, COALESCE(max(number) + 1, 0), :cid, :signed_epoch, :now
  FROM chain_message_version
 WHERE intent_key = :intent_key
