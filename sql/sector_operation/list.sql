-- What operators did to one sector, oldest first.
-- :sector_number :limit
SELECT *
  FROM sector_operation
 WHERE sector_number = :sector_number
 ORDER BY id
 LIMIT :limit
