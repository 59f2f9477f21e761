-- Frees the deal number of a piece that is about to get another one; PieceNumbers.change gives it in the same transaction.
-- :proposal_cid
UPDATE sector_piece
   SET deal_id = -1 - deal_id
 WHERE proposal_cid = :proposal_cid
   AND deal_id >= 0
