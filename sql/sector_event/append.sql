-- Writes one line of history and tells the outbox, in one statement; it runs in the transaction of the move itself.
-- :number :seq :event :from_state :to_state :from_name :to_name :note :at :node
WITH line AS (
  INSERT INTO sector_event (number, seq, event, from_state, to_state, note, at, node)
  VALUES (:number, :seq, :event, :from_state, :to_state, CAST(:note AS text), :at, CAST(:node AS text))
)
INSERT INTO outbox (topic, key, seq, event, from_state, to_state, note, at)
VALUES ('sector', CAST(:number AS text), :seq, :event, :from_name, :to_name, CAST(:note AS text), :at)
