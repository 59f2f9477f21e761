-- The keys of one side's live deals; a starting node tells each of them Restart. :live are the codes of all states that are no end.
-- :role :live
SELECT proposal_cid
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:live AS int[]))
 ORDER BY created_at, proposal_cid
