-- Remembers a value, in the place of the one before.
-- :name :value :now
INSERT INTO setting (name, value, updated_at)
VALUES (:name, :value, :now)
    ON CONFLICT (name) DO UPDATE
   SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at
