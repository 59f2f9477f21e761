-- A deal's place in the publish queue; PublishQueue.enter reads the message it went into.
-- :proposal_cid
SELECT proposal_cid, queued_at, message_key
  FROM publish_queue
 WHERE proposal_cid = :proposal_cid
