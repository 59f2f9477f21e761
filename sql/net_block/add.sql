-- Blocks something; what is blocked stays so.
-- :kind :value :now
INSERT INTO net_block (kind, value, added_at)
VALUES (:kind, :value, :now)
    ON CONFLICT (kind, value) DO NOTHING
