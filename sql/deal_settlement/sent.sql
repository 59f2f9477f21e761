-- The messages that settle deals and are not accounted for yet.
SELECT DISTINCT message_key
  FROM deal_settlement
 WHERE ended_at IS NULL
   AND message_key IS NOT NULL
 ORDER BY message_key
