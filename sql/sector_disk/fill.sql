-- Reserves for the sectors that are being sealed and have no row, such as those of an earlier version: their work is not
-- thrown away for want of one.
-- :bytes :now
INSERT INTO sector_disk (sector_number, bytes, reserved_at)
SELECT s.number, :bytes, :now
  FROM sector s
 WHERE s.state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2', 'Finalize')
    ON CONFLICT (sector_number) DO NOTHING
