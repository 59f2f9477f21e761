-- Another accepted, live deal with the same terms; the first by its key. :states are those of accepted deals.
-- :proposal_cid :terms_cid :states
SELECT t.proposal_cid
  FROM deal_terms t
  JOIN deal d ON d.proposal_cid = t.proposal_cid AND d.role = 'provider'
 WHERE t.terms_cid = :terms_cid
   AND t.proposal_cid <> :proposal_cid
   AND d.state = ANY (CAST(:states AS int[]))
 ORDER BY t.proposal_cid
 LIMIT 1
