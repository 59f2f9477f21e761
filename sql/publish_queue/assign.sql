-- Puts a waiting deal into a message, if it still stands as it was when the message was made up; PublishQueue.close.
-- :proposal_cid :message_key :round
UPDATE publish_queue
   SET message_key = :message_key,
       urgent      = false,
       tries       = 0,
       not_before  = NULL,
       problem     = NULL
 WHERE proposal_cid = :proposal_cid
   AND round = :round
   AND message_key IS NULL
   AND NOT refused
