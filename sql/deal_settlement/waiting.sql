-- Deals that no message settles yet, those that waited longest first; whoever asks keeps them until its transaction ends.
-- :limit
SELECT *
  FROM deal_settlement
 WHERE ended_at IS NULL
   AND message_key IS NULL
 ORDER BY deal_id
 LIMIT :limit
   FOR UPDATE SKIP LOCKED
