-- The market is done with a deal.
-- :deal_id :outcome :paid_atto :now
UPDATE deal_settlement
   SET outcome   = :outcome,
       paid_atto = CAST(:paid_atto AS numeric),
       error     = NULL,
       ended_at  = :now
 WHERE deal_id = :deal_id
   AND ended_at IS NULL
