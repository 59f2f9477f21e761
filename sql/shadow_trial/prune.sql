-- Forgets the oldest trials that are over, with what they found.
-- :keep
WITH old AS (
  SELECT id
    FROM shadow_trial
   WHERE ended_at IS NOT NULL
   ORDER BY id DESC
  OFFSET :keep),
gone AS (
  DELETE FROM shadow_difference
   WHERE trial IN (SELECT id FROM old))
DELETE FROM shadow_trial
 WHERE id IN (SELECT id FROM old)
