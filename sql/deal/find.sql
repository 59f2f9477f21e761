-- One deal by its key.
-- :proposal_cid :role
SELECT *
  FROM deal
 WHERE proposal_cid = :proposal_cid
   AND role = :role
