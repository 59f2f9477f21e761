-- What a message was signed as, the newest first.
-- :intent_key
SELECT cid, signed_epoch
  FROM chain_message_version
 WHERE intent_key = :intent_key
 ORDER BY number DESC
