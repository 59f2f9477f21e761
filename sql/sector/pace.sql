-- When the newest sectors were done, newest first: how fast this miner seals.
-- :limit
SELECT entered_at
  FROM sector
 WHERE state = 'Proving'
 ORDER BY entered_at DESC
 LIMIT :limit
