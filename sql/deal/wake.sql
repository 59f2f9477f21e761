-- Gives a live deal its turn now, unless somebody holds it or it has one already.
-- :proposal_cid :role :now
UPDATE deal
   SET run_after = :now
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND NOT parked
   AND run_after > :now
   AND run_after < '9999-01-01'
   AND (lease_until IS NULL OR lease_until <= :now)
