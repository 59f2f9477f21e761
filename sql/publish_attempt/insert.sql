-- Notes that a deal went into a message; runs in the transaction that puts it there.
-- :proposal_cid :round :message_key :now
INSERT INTO publish_attempt (proposal_cid, round, message_key, created_at)
VALUES (:proposal_cid, :round, :message_key, :now)
