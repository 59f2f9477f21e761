-- The messages of one block in the order they ran.
-- :height
SELECT body, receipt, events
  FROM devnet_message
 WHERE height = :height
 ORDER BY place
