-- An address's account; the message in flight counts only until it has landed or failed.
-- :address
SELECT a.address, a.reserved_atto, a.rounds, a.message_key AS last_key,
       CASE WHEN m.status IN ('LANDED', 'FAILED') THEN NULL ELSE a.message_key END AS message_key
  FROM fund_account a
  LEFT JOIN chain_message m ON m.intent_key = a.message_key
 WHERE a.address = :address
