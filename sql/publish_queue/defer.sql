-- Notes why a waiting deal could not be published now, and when it may be tried again.
-- :proposal_cid :round :problem :tries :not_before
UPDATE publish_queue
   SET problem    = :problem,
       tries      = :tries,
       not_before = :not_before
 WHERE proposal_cid = :proposal_cid
   AND round = :round
   AND message_key IS NULL
