-- A page of sectors by number; :states empty means all, :after -1 means from the first.
-- :states :after :limit
SELECT *
  FROM sector
 WHERE (cardinality(CAST(:states AS text[])) = 0 OR state = ANY (CAST(:states AS text[])))
   AND number > :after
 ORDER BY number
 LIMIT :limit
