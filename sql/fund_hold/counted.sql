-- What an address has reserved: everything that is held and does not wait.
-- :address
SELECT COALESCE(sum(amount_atto), 0) AS amount
  FROM fund_hold
 WHERE address = :address
   AND state IN ('COVERED', 'FUNDING')
