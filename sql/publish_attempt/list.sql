-- The messages that a deal has been in, the newest first.
-- :proposal_cid
SELECT message_key
  FROM publish_attempt
 WHERE proposal_cid = :proposal_cid
 ORDER BY round DESC
