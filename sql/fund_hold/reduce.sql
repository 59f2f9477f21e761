-- Gives back a part of a hold; the caller holds its account's lock.
-- :proposal_cid :purpose :amount_atto
UPDATE fund_hold
   SET amount_atto = :amount_atto
 WHERE proposal_cid = :proposal_cid
   AND purpose = :purpose
