-- Allows something; what is allowed stays so.
-- :kind :value :now
INSERT INTO net_allow (kind, value, added_at)
VALUES (:kind, :value, :now)
    ON CONFLICT (kind, value) DO NOTHING
