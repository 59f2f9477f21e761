-- The holds of an address that are not given back, oldest first.
-- :address
SELECT *
  FROM fund_hold
 WHERE address = :address
   AND state <> 'RELEASED'
 ORDER BY id
