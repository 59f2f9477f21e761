-- The keys of one side's deals in some states, oldest first; a starting node tells each of them Restart. What is leased is
-- in the hands of another node, which has not stopped.
-- :role :states :now
SELECT proposal_cid
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:states AS int[]))
   AND (lease_until IS NULL OR lease_until <= :now)
 ORDER BY created_at, proposal_cid
