-- What the other side said of one deal, oldest first.
-- :proposal_cid :role :limit
SELECT state, message, at
  FROM remote_word
 WHERE proposal_cid = :proposal_cid
   AND role = :role
 ORDER BY id
 LIMIT :limit
