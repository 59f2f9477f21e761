-- The states in which some sector's turn has come: what the components wake their routes by.
-- :now
SELECT DISTINCT state
  FROM sector
 WHERE NOT parked
   AND run_after <= :now
   AND (lease_until IS NULL OR lease_until <= :now)
