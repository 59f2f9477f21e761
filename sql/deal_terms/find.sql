-- What a proposal is to the chain.
-- :proposal_cid
SELECT client, terms_cid
  FROM deal_terms
 WHERE proposal_cid = :proposal_cid
