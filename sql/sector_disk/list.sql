-- All that is reserved, each with its sector, by number.
SELECT s.*, d.bytes AS reserved_bytes
  FROM sector_disk d
  JOIN sector s ON s.number = d.sector_number
 ORDER BY s.number
