-- What top-ups have moved, or will, since a moment; those that failed moved nothing.
-- :since
SELECT COALESCE(sum(value_atto), 0) AS amount, min(created_at) AS oldest
  FROM chain_message
 WHERE intent_key LIKE 'add-balance/%'
   AND created_at > :since
   AND status <> 'FAILED'
   AND COALESCE(exit_code, 0) = 0
