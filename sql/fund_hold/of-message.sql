-- The holds whose money one message brings, those left out that were given back meanwhile.
-- :message_key
SELECT *
  FROM fund_hold
 WHERE message_key = :message_key
   AND state <> 'RELEASED'
 ORDER BY id
