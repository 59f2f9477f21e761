-- Who or what a live deal or sector waits for (the words of WaitsOn; null: the state's usual one) and until when, as far
-- as the phase knows. When the state gives up is deadline, the next try run_after, how many failed attempt. last_epoch is the
-- last epoch in which a deal's state makes sense, computed when the state is entered.
ALTER TABLE deal
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz,
  ADD COLUMN last_epoch   bigint;
ALTER TABLE sector
  ADD COLUMN waits_on     text,
  ADD COLUMN waits_until  timestamptz;
