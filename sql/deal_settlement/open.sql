-- How many deals wait to be settled, and the newest reason why one did not work.
SELECT count(*) AS many, max(error) AS error
  FROM deal_settlement
 WHERE ended_at IS NULL
