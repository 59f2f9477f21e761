-- The states in which some deal's turn has come: what the components wake their routes by. One probe of the index a state,
-- however many deals have ended.
-- :role :now
SELECT s.code AS state
  FROM deal_state s
 WHERE EXISTS (
    SELECT 1
      FROM deal
     WHERE role = :role
       AND state = s.code
       AND NOT parked
       AND run_after <= :now
       AND (lease_until IS NULL OR lease_until <= :now))
