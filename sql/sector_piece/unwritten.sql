-- Pieces with a place in a sector that still takes pieces and whose bytes are not there yet; a sector's pieces are
-- written in the order in which they lie, which setting one back relies on.
-- :limit
SELECT p.*
  FROM sector_piece p
  JOIN sector s ON s.number = p.sector_number
 WHERE s.state = 'PreCommitPhase1'
   AND s.sub_state = 'staging'
   AND p.written_at IS NULL
 ORDER BY p.sector_number, p.offset_padded
 LIMIT :limit
