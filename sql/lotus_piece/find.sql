-- What became of asking for a deal's piece.
-- :proposal_cid
SELECT *
  FROM lotus_piece
 WHERE proposal_cid = :proposal_cid
