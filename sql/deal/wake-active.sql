-- Every active deal is looked at now: the chain node cannot tell any more what happened since the last look.
-- :role :now
UPDATE deal
   SET run_after = :now
 WHERE role = :role
   AND state = 7
   AND run_after > :now
   AND NOT parked
   AND (lease_until IS NULL OR lease_until <= :now)
