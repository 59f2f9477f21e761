-- A deal that has reached its end waits to be settled; once a deal.
-- :deal_id :proposal_cid :now
INSERT INTO deal_settlement (deal_id, proposal_cid, attempts, created_at)
VALUES (:deal_id, :proposal_cid, 0, :now)
    ON CONFLICT (deal_id) DO NOTHING
