-- Pieces without a sector whose deals start too early for one, the ones that were set back included.
-- :earliest_start :limit
SELECT *
  FROM sector_piece
 WHERE sector_number IS NULL
   AND refusal IS NULL
   AND start_epoch < :earliest_start
 ORDER BY start_epoch, proposal_cid
 LIMIT :limit
