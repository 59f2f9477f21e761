-- The deals of the next batch, those that start first first; those that start too soon are left to fail on their own.
-- :provider :earliest_start :limit
SELECT proposal_cid, queued_at, message_key
  FROM publish_queue
 WHERE provider = :provider
   AND message_key IS NULL
   AND start_epoch >= :earliest_start
 ORDER BY start_epoch, queued_at, proposal_cid
 LIMIT :limit
