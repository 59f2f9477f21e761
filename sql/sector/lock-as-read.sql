-- Locks a sector if it still is as it was read: with the same lease, be it no lease at all. No row means that it is not.
-- A lease that has run out and stands in the row still counts for whoever reads it with the sector.
-- :number :version :lease
SELECT number
  FROM sector
 WHERE number = :number
   AND version = :version
   AND lease_token IS NOT DISTINCT FROM CAST(:lease AS text)
   FOR UPDATE
