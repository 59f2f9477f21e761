-- Writes down what somebody asked for, before anything is done about it.
-- :kind :address :wallet :amount_atto :now
INSERT INTO fund_request (kind, address, wallet, amount_atto, state, created_at, updated_at)
VALUES (:kind, :address, :wallet, :amount_atto, 'QUEUED', :now, :now)
RETURNING *
