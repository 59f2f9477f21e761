-- Sectors that wait for an operator before they are proven.
-- :limit
SELECT *
  FROM sector
 WHERE parked
   AND state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2')
 ORDER BY number
 LIMIT :limit
