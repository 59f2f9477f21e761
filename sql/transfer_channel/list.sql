-- The transfers of one side, newest first; for lists that people read.
-- :role :limit
SELECT *
  FROM transfer_channel
 WHERE role = :role
 ORDER BY created_at DESC, transfer_id DESC
 LIMIT :limit
