-- Every address that a message of ours was signed for.
SELECT sender
  FROM message_lane
