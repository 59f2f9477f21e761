-- Deals of one side by their keys; those that are not there are left out.
-- :proposal_cids :role
SELECT *
  FROM deal
 WHERE proposal_cid = ANY (CAST(:proposal_cids AS text[]))
   AND role = :role
