-- Deals that an operator must look at, oldest first.
-- :role
SELECT *
  FROM deal
 WHERE role = :role
   AND parked
 ORDER BY updated_at, proposal_cid
