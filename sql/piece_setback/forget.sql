-- The piece is in its sector: what kept it out is over.
-- :proposal_cid
DELETE FROM piece_setback
 WHERE proposal_cid = :proposal_cid
