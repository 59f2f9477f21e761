-- The sector is gone: what was in it may be asked for anew. In the transaction that frees its pieces.
-- :number
DELETE FROM lotus_piece l
 USING sector_piece p
 WHERE p.proposal_cid = l.proposal_cid
   AND p.sector_number = :number
