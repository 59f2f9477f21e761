-- The active deals of a sector that left the chain look for themselves now.
-- :number :now
UPDATE deal d
   SET run_after = :now
  FROM sector_piece p
 WHERE p.sector_number = :number
   AND d.proposal_cid = p.proposal_cid
   AND d.role = 'provider'
   AND d.state = 7
   AND d.run_after > :now
   AND NOT d.parked
   AND (d.lease_until IS NULL OR d.lease_until <= :now)
