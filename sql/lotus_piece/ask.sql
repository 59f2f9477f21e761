-- The intent to ask the miner, written before it is asked; the caller relies on the count of rows, 0 meaning that the
-- piece is being asked for, lies in a sector, or was fetched whole with this token meanwhile.
-- :proposal_cid :deal_id :token :node :now :look_after
INSERT INTO lotus_piece AS l (proposal_cid, deal_id, token, status, asks, node, asked_at, look_after, reads)
VALUES (:proposal_cid, :deal_id, :token, 'asking', 1, :node, :now, :look_after, 0)
    ON CONFLICT (proposal_cid) DO UPDATE
   SET deal_id    = :deal_id,
       token      = :token,
       status     = 'asking',
       asks       = l.asks + 1,
       node       = :node,
       asked_at   = :now,
       look_after = :look_after,
       reads      = 0,
       taken_at   = NULL
 WHERE l.status = 'unsure'
   AND (l.token <> :token OR l.taken_at IS NULL)
