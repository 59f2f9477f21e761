-- Whether a phase holds the deal just now; an operator's word waits for it where it must not be broken off.
-- :proposal_cid :role :now
SELECT 1 AS held
  FROM deal
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND lease_until > :now
