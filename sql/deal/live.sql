-- The keys of one side's deals that are not in an end state; a starting node tells each of them Restart.
-- :role :ends
SELECT proposal_cid
  FROM deal
 WHERE role = :role
   AND NOT state = ANY (CAST(:ends AS int[]))
 ORDER BY created_at, proposal_cid
