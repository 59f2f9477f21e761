-- A trial ends, once.
-- :id :reason :now
UPDATE shadow_trial
   SET ended_at = :now, end_reason = :reason
 WHERE id = :id
   AND ended_at IS NULL
