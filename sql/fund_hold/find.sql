-- A deal's hold for one purpose.
-- :proposal_cid :purpose
SELECT *
  FROM fund_hold
 WHERE proposal_cid = :proposal_cid
   AND purpose = :purpose
