-- Lets the last byte of a piece go, once a token; the reader relies on the count of rows. As read.sql, at its end.
-- :token :now
UPDATE lotus_piece l
   SET taken_at = :now
  FROM sector_piece p
 WHERE l.token = :token
   AND l.status <> 'placed'
   AND l.taken_at IS NULL
   AND p.proposal_cid = l.proposal_cid
   AND p.sector_number IS NULL
   AND p.refusal IS NULL
