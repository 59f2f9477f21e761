-- What operators did to one deal, oldest first.
-- :proposal_cid :role :limit
SELECT *
  FROM deal_operation
 WHERE proposal_cid = :proposal_cid
   AND role = :role
 ORDER BY id
 LIMIT :limit
