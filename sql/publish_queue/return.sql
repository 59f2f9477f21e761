-- Takes a deal out of a message that will not publish it, back among those that wait; it need not wait a period again.
-- :proposal_cid :message_key :problem :most
UPDATE publish_queue
   SET message_key = NULL,
       round       = round + 1,
       urgent      = true,
       problem     = :problem,
       tries       = 0,
       most        = CAST(:most AS integer)
 WHERE proposal_cid = :proposal_cid
   AND message_key = :message_key
