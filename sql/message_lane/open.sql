-- Makes a sender's lane before its first message.
-- :sender
INSERT INTO message_lane (sender)
VALUES (:sender)
    ON CONFLICT (sender) DO NOTHING
