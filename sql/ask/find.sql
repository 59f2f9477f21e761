-- A miner's signed ask; AskStore.find.
-- :miner
SELECT signed_ask
  FROM ask
 WHERE miner = :miner
