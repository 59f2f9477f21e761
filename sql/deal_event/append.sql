-- Writes one line of history and tells the outbox, in one statement; it runs in the transaction of the move itself.
-- :proposal_cid :role :seq :event :from_state :to_state :from_name :to_name :note :at
WITH line AS (
  INSERT INTO deal_event (proposal_cid, role, seq, event, from_state, to_state, note, at)
  VALUES (:proposal_cid, :role, :seq, :event, :from_state, :to_state, CAST(:note AS text), :at)
)
INSERT INTO outbox (topic, key, seq, event, from_state, to_state, note, at)
VALUES (:role, :proposal_cid, :seq, :event, :from_name, :to_name, CAST(:note AS text), :at)
