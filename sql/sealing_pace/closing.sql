-- When the sectors that take pieces are closed at the latest.
SELECT deadline
  FROM sector
 WHERE state = 'PreCommitPhase1'
   AND sub_state = 'staging'
   AND deadline IS NOT NULL
