-- Every deal of a provider that is in no message and not refused, also those that wait for another try.
-- :provider :limit
SELECT *
  FROM publish_queue
 WHERE provider = :provider
   AND message_key IS NULL
   AND NOT refused
 ORDER BY start_epoch, queued_at, proposal_cid
 LIMIT :limit
