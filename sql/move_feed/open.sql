-- Makes a receiver's row when it is heard of first.
-- :name :topic :now
INSERT INTO move_feed (name, topic, taken, failures, opened_at)
VALUES (:name, :topic, 0, 0, :now)
ON CONFLICT (name, topic) DO NOTHING
