-- Whether a deal still has its place.
-- :proposal_cid
SELECT 1 AS found
  FROM publish_queue
 WHERE proposal_cid = :proposal_cid
