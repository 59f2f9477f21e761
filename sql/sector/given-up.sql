-- Sectors that ended before they were proven and still hold pieces.
-- :limit
SELECT s.*
  FROM sector s
 WHERE s.state = 'Unknown'
   AND s.prove_epoch IS NULL
   AND EXISTS (SELECT 1 FROM sector_piece p WHERE p.sector_number = s.number)
 ORDER BY s.number
 LIMIT :limit
