-- How many live deals of one side somebody should look at, each kind counted up to a bound by an index of its own: those of
-- deal/stuck without reading all that are well.
-- :role :live :now :tries :most
SELECT count(*) AS many
  FROM (SELECT proposal_cid FROM (SELECT proposal_cid FROM deal WHERE role = :role AND parked LIMIT :most) AS parked
        UNION
        SELECT proposal_cid FROM (SELECT proposal_cid FROM deal
                                   WHERE role = :role AND attempt > 0 AND NOT parked AND attempt >= :tries LIMIT :most) AS tried
        UNION
        SELECT proposal_cid FROM (SELECT proposal_cid FROM deal
                                   WHERE role = :role AND deadline IS NOT NULL AND deadline < :now
                                     AND state = ANY (CAST(:live AS int[])) LIMIT :most) AS late
        UNION
        SELECT proposal_cid FROM (SELECT proposal_cid FROM deal
                                   WHERE role = :role AND waits_on IN ('operator', 'money')
                                     AND state = ANY (CAST(:live AS int[])) LIMIT :most) AS waiting) AS troubled
