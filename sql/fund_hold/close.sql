-- The message that was to bring their money is final: it came, and they are covered, or it did not, and they are over.
-- :address :now
UPDATE fund_hold AS h
   SET state       = CASE WHEN m.status = 'LANDED' AND m.exit_code = 0 THEN 'COVERED' ELSE 'RELEASED' END,
       released_at = CASE WHEN m.status = 'LANDED' AND m.exit_code = 0 THEN NULL ELSE CAST(:now AS timestamptz) END
  FROM chain_message AS m
 WHERE h.address = :address
   AND h.state = 'FUNDING'
   AND m.intent_key = h.message_key
   AND m.status IN ('LANDED', 'FAILED')
