-- The newest transfer of each of these deals; whole pages of deals look here.
-- :role :proposal_cids
SELECT DISTINCT ON (proposal_cid) *
  FROM transfer_channel
 WHERE role = :role
   AND proposal_cid = ANY (CAST(:proposal_cids AS text[]))
 ORDER BY proposal_cid, created_at DESC, transfer_id DESC
