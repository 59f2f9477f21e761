-- The nonce after the highest that one of our messages of this sender holds, be it landed or on its way; 0 if none.
-- Runs under the sender's lane lock.
-- :sender
SELECT COALESCE(max(nonce) + 1, 0) AS next
  FROM chain_message
 WHERE sender = :sender
   AND status IN ('SIGNED', 'PUSHED', 'LANDED')
