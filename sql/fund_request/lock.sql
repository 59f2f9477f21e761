-- One request, locked until the transaction ends.
-- :id
SELECT *
  FROM fund_request
 WHERE id = :id
   FOR UPDATE
