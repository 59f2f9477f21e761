-- The message of ours that holds a sender's nonce, be it on its way or landed; LaneRecovery.
-- :sender :nonce
SELECT *
  FROM chain_message
 WHERE sender = :sender
   AND nonce = :nonce
   AND status IN ('SIGNED', 'PUSHED', 'LANDED')
