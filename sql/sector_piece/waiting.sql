-- Pieces that have no sector yet and were not refused, those first whose deals start first.
-- :limit
SELECT *
  FROM sector_piece
 WHERE sector_number IS NULL
   AND refusal IS NULL
 ORDER BY start_epoch, handed_at, proposal_cid
 LIMIT :limit
