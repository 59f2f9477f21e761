-- A sector's pieces in the order in which they lie.
-- :number
SELECT *
  FROM sector_piece
 WHERE sector_number = :number
 ORDER BY offset_padded
