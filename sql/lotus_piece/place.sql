-- The piece lies in a sector: its token is dead. In the transaction that gives the piece its place.
-- :proposal_cid
UPDATE lotus_piece
   SET status = 'placed'
 WHERE proposal_cid = :proposal_cid
