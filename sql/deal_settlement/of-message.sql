-- The deals that one message settles.
-- :message_key
SELECT *
  FROM deal_settlement
 WHERE message_key = :message_key
   AND ended_at IS NULL
 ORDER BY deal_id
