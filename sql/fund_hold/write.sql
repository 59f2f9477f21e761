-- Stores what a round made of a hold; the caller holds its account's lock.
-- :proposal_cid :purpose :state :message_key :released_at
UPDATE fund_hold
   SET state       = :state,
       message_key = CAST(:message_key AS text),
       released_at = CAST(:released_at AS timestamptz)
 WHERE proposal_cid = :proposal_cid
   AND purpose = :purpose
