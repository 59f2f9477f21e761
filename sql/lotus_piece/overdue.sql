-- Questions whose answer will not come any more: their node asked too long ago, or lived another life then.
-- :now :node (null for none)
UPDATE lotus_piece
   SET status     = 'unsure',
       look_after = :now
 WHERE status = 'asking'
   AND (look_after <= :now OR node = CAST(:node AS text))
