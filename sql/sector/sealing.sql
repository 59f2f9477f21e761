-- How many sectors are being filled or sealed; what waits for an operator takes no place.
SELECT count(*) AS many
  FROM sector
 WHERE state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2')
   AND NOT parked
