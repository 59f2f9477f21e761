-- Puts a waiting deal into a message, for good; PublishQueue.enter counts on each deal going into one.
-- :proposal_cid :message_key
UPDATE publish_queue
   SET message_key = :message_key
 WHERE proposal_cid = :proposal_cid
   AND message_key IS NULL
