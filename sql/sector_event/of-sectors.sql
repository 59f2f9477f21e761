-- The histories of these sectors, each from its first line.
-- :numbers
SELECT *
  FROM sector_event
 WHERE number = ANY (CAST(:numbers AS bigint[]))
 ORDER BY number, seq
