-- Queues a hold once for a deal and a purpose; that it cannot be there twice keeps a restart from reserving twice.
-- :proposal_cid :purpose :address :wallet :amount_atto :now
INSERT INTO fund_hold (proposal_cid, purpose, address, wallet, amount_atto, state, created_at)
VALUES (:proposal_cid, :purpose, :address, :wallet, :amount_atto, 'QUEUED', :now)
    ON CONFLICT (proposal_cid, purpose) DO NOTHING
