-- Puts a miner's signed ask in the place of the one before; AskStore.save.
-- :miner :signed_ask :now
INSERT INTO ask (miner, signed_ask, updated_at)
VALUES (:miner, :signed_ask, :now)
    ON CONFLICT (miner) DO UPDATE
   SET signed_ask = EXCLUDED.signed_ask,
       updated_at = EXCLUDED.updated_at
