-- A deal's piece, with the place it has got.
-- :proposal_cid
SELECT *
  FROM sector_piece
 WHERE proposal_cid = :proposal_cid
