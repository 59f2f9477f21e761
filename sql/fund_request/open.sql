-- The requests of an address that are not done, oldest first.
-- :address
SELECT *
  FROM fund_request
 WHERE address = :address
   AND state IN ('QUEUED', 'SENT')
 ORDER BY id
