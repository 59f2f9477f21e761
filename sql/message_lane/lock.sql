-- Takes a sender's lane until the transaction ends: nonces are given one after the other.
-- :sender
SELECT sender
  FROM message_lane
 WHERE sender = :sender
   FOR UPDATE
