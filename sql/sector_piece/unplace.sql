-- Takes the place of a piece that is not written, and of those behind it, which cannot be written either; the caller
-- holds the sector's lock.
-- :number :offset_padded
UPDATE sector_piece
   SET sector_number = NULL,
       offset_padded = NULL
 WHERE sector_number = :number
   AND offset_padded >= :offset_padded
   AND written_at IS NULL
