-- Gives a deal in one of these states its turn now, unless somebody holds it or it has one already.
-- :proposal_cid :role :states :now
UPDATE deal
   SET run_after = :now
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND state = ANY (CAST(:states AS int[]))
   AND NOT parked
   AND run_after > :now
   AND run_after < '9999-01-01'
   AND (lease_until IS NULL OR lease_until <= :now)
