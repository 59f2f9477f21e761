-- Notes what a proposal is to the chain; noting it again changes nothing.
-- :proposal_cid :client :terms_cid
INSERT INTO deal_terms (proposal_cid, client, terms_cid)
VALUES (:proposal_cid, :client, :terms_cid)
    ON CONFLICT (proposal_cid) DO NOTHING
