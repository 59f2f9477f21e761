-- The trials of this node that have not ended.
-- :node
SELECT *
  FROM shadow_trial
 WHERE node = :node
   AND ended_at IS NULL
 ORDER BY id
