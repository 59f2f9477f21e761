-- Gives a waiting piece its place; packing holds its sector's lock and relies on the count of rows.
-- :proposal_cid :number :offset_padded
UPDATE sector_piece
   SET sector_number = :number,
       offset_padded = :offset_padded
 WHERE proposal_cid = :proposal_cid
   AND sector_number IS NULL
   AND refusal IS NULL
