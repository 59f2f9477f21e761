-- Every transfer that has not ended, oldest first; the sessions go on with these after a start.
-- :role
SELECT *
  FROM transfer_channel
 WHERE role = :role
   AND NOT ended
 ORDER BY created_at, transfer_id
