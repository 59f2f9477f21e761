-- Sectors of one state whose result waits to be sent and which nobody holds, those first that wait longest; a batch is
-- made of them.
-- :state :now :limit
SELECT *
  FROM sector
 WHERE state = :state
   AND sub_state = 'submitting'
   AND NOT parked
   AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY COALESCE(waits_since, updated_at), number
 LIMIT :limit
