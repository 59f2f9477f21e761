-- Who or what a live deal or sector waits for (the words of WaitsOn; null: the state's usual one) and until when, as far
-- as the phase knows. When the state gives up is deadline, the next try run_after, how many failed attempt.
ALTER TABLE deal
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz;
ALTER TABLE sector
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz;
