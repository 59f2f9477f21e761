-- Notes that sealing will never take a piece: it loses its place and waits no more; the first reason stays.
-- :proposal_cid :refusal
UPDATE sector_piece
   SET sector_number = NULL,
       offset_padded = NULL,
       written_at    = NULL,
       refusal       = :refusal
 WHERE proposal_cid = :proposal_cid
   AND refusal IS NULL
