-- Counts one fetch with a token that lives; no row means that it does not, or was used too often.
-- :token :most
UPDATE lotus_piece l
   SET reads = reads + 1
  FROM sector_piece p
 WHERE l.token = :token
   AND l.status <> 'placed'
   AND l.taken_at IS NULL
   AND l.reads < :most
   AND p.proposal_cid = l.proposal_cid
   AND p.sector_number IS NULL
   AND p.refusal IS NULL
RETURNING p.*
