-- Reserves for a sector; the caller holds the lock.
-- :number :bytes :now
INSERT INTO sector_disk (sector_number, bytes, reserved_at)
VALUES (:number, :bytes, :now)
