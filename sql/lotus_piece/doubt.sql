-- Nobody knows what became of the question: the miner's sectors are looked through before it is asked again.
-- :proposal_cid :asks :look_after
UPDATE lotus_piece
   SET status     = 'unsure',
       look_after = :look_after
 WHERE proposal_cid = :proposal_cid
   AND asks = :asks
   AND status <> 'placed'
