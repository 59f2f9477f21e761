-- Makes so many active deals of the one that is there, numbered from the next number on, each put off as that one is.
-- :last
INSERT INTO deal
SELECT (jsonb_populate_record(d, jsonb_build_object('proposal_cid', d.proposal_cid || '-' || n, 'deal_id', n))).*
  FROM deal d, generate_series(2, :last) n
