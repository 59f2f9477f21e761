-- Messages that hold a nonce and have not landed, in the order in which the chain can take them.
SELECT *
  FROM chain_message
 WHERE status IN ('SIGNED', 'PUSHED')
 ORDER BY sender, nonce
