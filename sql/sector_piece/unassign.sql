-- Takes the pieces of a sector that was given up out of it again: they wait for another.
-- :number
UPDATE sector_piece
   SET sector_number = NULL,
       offset_padded = NULL,
       written_at    = NULL
 WHERE sector_number = :number
