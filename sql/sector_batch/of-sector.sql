-- The messages for several sectors in which a sector was, of one step.
-- :number :step (a pattern)
SELECT message_key
  FROM sector_batch
 WHERE number = :number
   AND member_key LIKE :step
