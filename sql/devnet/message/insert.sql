-- Adds one executed message with what came of it; the block maker's transaction.
-- :height :place :cid :inner_cid :body :receipt :events
INSERT INTO devnet_message (height, place, cid, inner_cid, body, receipt, events)
VALUES (:height, :place, :cid, :inner_cid, :body, :receipt, :events)
