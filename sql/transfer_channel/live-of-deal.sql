-- The transfers of one deal that have not ended: one, or two for a moment while a channel replaces another.
-- :role :proposal_cid
SELECT *
  FROM transfer_channel
 WHERE role = :role
   AND proposal_cid = :proposal_cid
   AND NOT ended
 ORDER BY created_at, transfer_id
