-- One request.
-- :id
SELECT *
  FROM fund_request
 WHERE id = :id
