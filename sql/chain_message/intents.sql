-- Needs that have no nonce yet, oldest first.
-- :limit
SELECT *
  FROM chain_message
 WHERE status = 'INTENT'
 ORDER BY id
 LIMIT :limit
