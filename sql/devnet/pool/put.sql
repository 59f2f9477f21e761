-- Keeps a message that the mempool took; committed before the push is answered.
-- :cid :body
INSERT INTO devnet_pool_message (cid, body)
VALUES (:cid, :body)
ON CONFLICT (cid) DO NOTHING
