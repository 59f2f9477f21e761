-- An operator wants one deal tried again now; what was said of it before does not count.
-- :proposal_cid
UPDATE publish_queue
   SET urgent     = true,
       tries      = 0,
       not_before = NULL,
       refused    = false
 WHERE proposal_cid = :proposal_cid
   AND message_key IS NULL
