-- The states in which some deal's turn has come: what the components wake their routes by.
-- :role :now
SELECT DISTINCT state
  FROM deal
 WHERE NOT parked
   AND role = :role
   AND run_after <= :now
   AND (lease_until IS NULL OR lease_until <= :now)
