-- The deals of a provider that are in no message and may be put into one, those that start first first; those that start
-- too soon are left to fail on their own.
-- :provider :earliest_start :now :limit
SELECT *
  FROM publish_queue
 WHERE provider = :provider
   AND message_key IS NULL
   AND NOT refused
   AND start_epoch >= :earliest_start
   AND (not_before IS NULL OR not_before <= :now)
 ORDER BY start_epoch, queued_at, proposal_cid
 LIMIT :limit
