-- What each sector that is being sealed may take of the sealing folder at most. The row is there before the sector's first
-- byte, and goes when the sector is finalized or given up; what it then leaves behind is counted by the disk itself.
CREATE TABLE sector_disk (
  sector_number  bigint       PRIMARY KEY REFERENCES sector,
  bytes          bigint       NOT NULL CHECK (bytes > 0),
  reserved_at    timestamptz  NOT NULL
);

-- The largest piece that would get a place in a sector when that was looked at last, in padded bytes; null: any would.
ALTER TABLE acceptance_lane
  ADD COLUMN placeable_bytes  bigint;
