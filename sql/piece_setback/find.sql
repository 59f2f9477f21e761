-- Why a piece has no sector yet.
-- :proposal_cid
SELECT *
  FROM piece_setback
 WHERE proposal_cid = :proposal_cid
