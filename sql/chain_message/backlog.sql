-- Messages that have not landed, by status, each status by its own partial index.
SELECT status, count(*) AS many, min(created_at) AS oldest
  FROM chain_message
 WHERE status IN ('SIGNED', 'PUSHED')
 GROUP BY status
 UNION ALL
SELECT 'INTENT', count(*), min(created_at)
  FROM chain_message
 WHERE status = 'INTENT'
