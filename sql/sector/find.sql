-- One sector by its key.
-- :number
SELECT *
  FROM sector
 WHERE number = :number
