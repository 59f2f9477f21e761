-- Pieces that have no sector yet and were not refused, those first whose deals start first; one that was set back only
-- when it is to be tried again.
-- :limit :now
SELECT p.*
  FROM sector_piece p
  LEFT JOIN piece_setback b ON b.proposal_cid = p.proposal_cid
 WHERE p.sector_number IS NULL
   AND p.refusal IS NULL
   AND (b.try_after IS NULL OR b.try_after <= :now)
 ORDER BY p.start_epoch, p.handed_at, p.proposal_cid
 LIMIT :limit
