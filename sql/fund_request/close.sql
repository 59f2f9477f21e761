-- Their message is final: done, or refused by the chain.
-- :address :now
UPDATE fund_request AS r
   SET state      = CASE WHEN m.status = 'LANDED' AND m.exit_code = 0 THEN 'DONE' ELSE 'REFUSED' END,
       error      = CASE WHEN m.status = 'LANDED' AND m.exit_code = 0 THEN NULL
                         WHEN m.status = 'LANDED' THEN 'exit code ' || m.exit_code
                         ELSE m.error END,
       updated_at = :now
  FROM chain_message AS m
 WHERE r.address = :address
   AND r.state = 'SENT'
   AND m.intent_key = r.message_key
   AND m.status IN ('LANDED', 'FAILED')
