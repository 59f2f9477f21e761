-- How many transfers of one side a deal has.
-- :role :proposal_cid
SELECT count(*) AS many
  FROM transfer_channel
 WHERE role = :role
   AND proposal_cid = :proposal_cid
