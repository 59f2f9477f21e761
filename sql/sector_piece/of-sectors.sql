-- The pieces of these sectors, those of one in the order in which they lie.
-- :numbers
SELECT *
  FROM sector_piece
 WHERE sector_number = ANY (CAST(:numbers AS bigint[]))
 ORDER BY sector_number, offset_padded
