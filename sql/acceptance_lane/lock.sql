-- Enters the lane: until the transaction ends nobody else accepts a deal for this provider.
-- :provider
SELECT looked_at
  FROM acceptance_lane
 WHERE provider = :provider
   FOR UPDATE
