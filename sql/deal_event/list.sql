-- The history from its first line.
-- :proposal_cid :role
SELECT *
  FROM deal_event
 WHERE proposal_cid = :proposal_cid
   AND role = :role
 ORDER BY seq
