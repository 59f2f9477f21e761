-- Sectors that wait for an operator, whatever their step.
-- :limit
SELECT *
  FROM sector
 WHERE parked
 ORDER BY number
 LIMIT :limit
