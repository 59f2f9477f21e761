-- The newest trials of all nodes.
-- :limit
SELECT *
  FROM shadow_trial
 ORDER BY id DESC
 LIMIT :limit
