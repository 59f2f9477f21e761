-- Notes what a proposal is to the chain; noting it again changes nothing. The commit does not wait for the disk: the move that
-- follows does, and what was written before it is on the disk before it. A deal that has ended has no terms any more.
-- :proposal_cid :client :terms_cid :ends
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO deal_terms (proposal_cid, client, terms_cid)
SELECT :proposal_cid, :client, :terms_cid
  FROM unhurried
 WHERE NOT EXISTS (SELECT 1 FROM deal WHERE deal.proposal_cid = :proposal_cid AND deal.role = 'provider'
                      AND deal.state = ANY (CAST(:ends AS int[])))
    ON CONFLICT (proposal_cid) DO NOTHING
