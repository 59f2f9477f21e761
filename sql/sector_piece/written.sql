-- Notes that the piece's bytes are in its sector's unsealed file; the first time counts.
-- :proposal_cid :now
UPDATE sector_piece
   SET written_at = :now
 WHERE proposal_cid = :proposal_cid
   AND sector_number IS NOT NULL
   AND written_at IS NULL
