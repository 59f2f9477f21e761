-- The sectors that are being sealed, each with its step and since when it is there; those that wait for an operator end by
-- nobody's clock.
SELECT s.state,
       coalesce((SELECT max(e.at)
                   FROM sector_event e
                  WHERE e.number = s.number
                    AND (e.from_state <> e.to_state OR e.event = 'Packed')), s.entered_at) AS since
  FROM sector s
 WHERE s.state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1', 'CommitPhase2', 'Finalize')
   AND s.sub_state <> 'staging'
   AND NOT s.parked
