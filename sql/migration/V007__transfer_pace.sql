-- How a transfer moves on: since when, when its last byte moved, and how fast. A deal's limits count from progress_at,
-- which no restart touches.

ALTER TABLE transfer_channel
  ADD COLUMN started_at        timestamptz,
  ADD COLUMN progress_at       timestamptz,
  ADD COLUMN bytes_per_second  bigint NOT NULL DEFAULT 0;

UPDATE transfer_channel SET started_at = created_at, progress_at = updated_at;

ALTER TABLE transfer_channel
  ALTER COLUMN started_at  SET NOT NULL,
  ALTER COLUMN progress_at SET NOT NULL;
