-- Promises a deal what it needs, all kinds by one statement; what it has been promised already stays as it is.
-- :proposal_cid :kinds :client :amounts :now
INSERT INTO deal_tag (proposal_cid, kind, client, amount, taken_at)
SELECT :proposal_cid, t.kind, :client, t.amount, :now
  FROM unnest(CAST(:kinds AS text[]), CAST(:amounts AS numeric[])) AS t (kind, amount)
    ON CONFLICT (proposal_cid, kind) DO NOTHING
