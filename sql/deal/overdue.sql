-- Live deals past their deadline, for health and for the operator's list.
-- :role :now :ends
SELECT *
  FROM deal
 WHERE role = :role
   AND deadline <= :now
   AND NOT state = ANY (CAST(:ends AS int[]))
 ORDER BY deadline, proposal_cid
