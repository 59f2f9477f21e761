-- The deals of a message; PublishQueue.reopen.
-- :message_key
SELECT *
  FROM publish_queue
 WHERE message_key = :message_key
 ORDER BY start_epoch, queued_at, proposal_cid
