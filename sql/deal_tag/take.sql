-- Promises a deal what it needs; what it has been promised already stays as it is.
-- :proposal_cid :kind :client :amount :now
INSERT INTO deal_tag (proposal_cid, kind, client, amount, taken_at)
VALUES (:proposal_cid, :kind, :client, :amount, :now)
    ON CONFLICT (proposal_cid, kind) DO NOTHING
