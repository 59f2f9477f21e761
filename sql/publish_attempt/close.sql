-- Notes why a deal left a message.
-- :proposal_cid :message_key :outcome
UPDATE publish_attempt
   SET outcome = :outcome
 WHERE proposal_cid = :proposal_cid
   AND message_key = :message_key
