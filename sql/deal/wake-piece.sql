-- The deal of a piece that came into its sector, or was refused, looks for itself now.
-- :proposal_cid :now
UPDATE deal
   SET run_after = :now
 WHERE proposal_cid = :proposal_cid
   AND role = 'provider'
   AND state = 4
   AND run_after > :now
   AND NOT parked
   AND (lease_until IS NULL OR lease_until <= :now)
