-- The next moves of one kind after a place, none beyond the last line that is safe to pass, with what their deal is about.
-- :topic :after :last :limit
SELECT line.*, deal.message, deal.deal_id, deal.piece_cid, deal.payload_cid
  FROM outbox line
  LEFT JOIN deal ON deal.proposal_cid = line.key AND deal.role = line.topic
 WHERE line.id > :after
   AND line.id <= :last
   AND line.topic = :topic
 ORDER BY line.id
 LIMIT :limit
