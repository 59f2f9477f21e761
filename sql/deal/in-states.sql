-- The keys of one side's deals in some states, oldest first; a starting node tells each of them Restart.
-- :role :states
SELECT proposal_cid
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:states AS int[]))
 ORDER BY created_at, proposal_cid
