-- Notes why a waiting deal is not published at all; its own phase ends it.
-- :proposal_cid :round :problem
UPDATE publish_queue
   SET problem = :problem,
       refused = true
 WHERE proposal_cid = :proposal_cid
   AND round = :round
   AND message_key IS NULL
