-- Every account, those that hold or move anything first.
SELECT a.address, a.reserved_atto, a.rounds, a.message_key AS last_key,
       CASE WHEN m.status IN ('LANDED', 'FAILED') THEN NULL ELSE a.message_key END AS message_key
  FROM fund_account a
  LEFT JOIN chain_message m ON m.intent_key = a.message_key
 ORDER BY a.reserved_atto DESC, a.address
