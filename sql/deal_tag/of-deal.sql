-- What a deal has been promised.
-- :proposal_cid
SELECT kind, amount
  FROM deal_tag
 WHERE proposal_cid = :proposal_cid
 ORDER BY kind
