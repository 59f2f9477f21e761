-- Takes a deal out that is in no message yet; PublishQueue.leave.
-- :proposal_cid
DELETE FROM publish_queue
 WHERE proposal_cid = :proposal_cid
   AND message_key IS NULL
