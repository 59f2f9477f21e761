-- Stores a need for a message once; a key that is there already stays as it is. One need is one message by this row.
-- :intent_key :sender :receiver :method :value_atto :params :note :now
INSERT INTO chain_message (intent_key, sender, receiver, method, value_atto, params, note, status, pushes, created_at,
                           updated_at)
VALUES (:intent_key, :sender, :receiver, :method, :value_atto, :params, :note, 'INTENT', 0, :now, :now)
    ON CONFLICT (intent_key) DO NOTHING
