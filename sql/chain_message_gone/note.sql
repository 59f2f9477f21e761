-- Notes the epoch at which a message's nonce was first seen used by another message; an earlier note stays.
-- :intent_key :since_epoch
INSERT INTO chain_message_gone (intent_key, since_epoch)
VALUES (:intent_key, :since_epoch)
    ON CONFLICT (intent_key) DO NOTHING
