-- The deal has ended: its terms may be proposed again.
-- :proposal_cid
DELETE FROM deal_terms
 WHERE proposal_cid = :proposal_cid
