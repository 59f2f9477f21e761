-- Removes a deal's transfers of one side.
-- :role :proposal_cid
DELETE FROM transfer_channel
 WHERE role = :role
   AND proposal_cid = :proposal_cid
