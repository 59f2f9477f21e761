-- The newest transfer of a deal; a deal's routes look here.
-- :role :proposal_cid
SELECT *
  FROM transfer_channel
 WHERE role = :role
   AND proposal_cid = :proposal_cid
 ORDER BY created_at DESC, transfer_id DESC
 LIMIT 1
