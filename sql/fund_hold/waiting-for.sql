-- How many holds still wait for one message.
-- :message_key
SELECT count(*) AS many
  FROM fund_hold
 WHERE message_key = :message_key
   AND state = 'FUNDING'
