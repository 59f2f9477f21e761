-- Gives a piece the number that its deal has after a reorganisation; PieceNumbers.change.
-- :proposal_cid :deal_id
UPDATE sector_piece
   SET deal_id = :deal_id
 WHERE proposal_cid = :proposal_cid
