-- The imports of one payload, the newest first; ImportStore.find tries them in that order.
-- :payload_cid
SELECT *
  FROM import_file
 WHERE payload_cid = :payload_cid
 ORDER BY imported_at DESC, id DESC
