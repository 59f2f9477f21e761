-- One deal by its key, locked until the transaction ends; signal and resume rely on nobody writing between.
-- :proposal_cid :role
SELECT *
  FROM deal
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   FOR UPDATE
