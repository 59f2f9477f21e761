-- Stores the outcome of a round; the caller holds the row's lock.
-- :address :reserved_atto :message_key :rounds
UPDATE fund_account
   SET reserved_atto = :reserved_atto,
       message_key   = CAST(:message_key AS text),
       rounds        = :rounds
 WHERE address = :address
