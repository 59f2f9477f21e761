-- One transfer by its key; TransferStore.find.
-- :role :initiator :responder :transfer_id
SELECT *
  FROM transfer_channel
 WHERE role = :role
   AND initiator = :initiator
   AND responder = :responder
   AND transfer_id = :transfer_id
