-- Stores how far a request is; the caller holds its lock or its account's.
-- :id :state :message_key :error :now
UPDATE fund_request
   SET state       = :state,
       message_key = CAST(:message_key AS text),
       error       = CAST(:error AS text),
       updated_at  = :now
 WHERE id = :id
