-- The history from its first line.
-- :number
SELECT *
  FROM sector_event
 WHERE number = :number
 ORDER BY seq
