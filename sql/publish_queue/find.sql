-- A deal's place in the publish queue; PublishQueue.find.
-- :proposal_cid
SELECT *
  FROM publish_queue
 WHERE proposal_cid = :proposal_cid
