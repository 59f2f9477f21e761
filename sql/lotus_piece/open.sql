-- Every piece the miner was asked for that is in no sector yet and still wanted, the oldest question first.
-- :limit
SELECT l.*
  FROM lotus_piece l
  JOIN sector_piece p ON p.proposal_cid = l.proposal_cid
 WHERE l.status <> 'placed'
   AND p.refusal IS NULL
 ORDER BY l.asked_at, l.proposal_cid
 LIMIT :limit
