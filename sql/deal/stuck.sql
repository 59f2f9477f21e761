-- Live deals of one side that somebody should look at, those first that wait longest: parked, failing again and again, past
-- their deadline, or waiting on a person or on money. Each of the four has an index that leads to it beside a million that are well.
-- :role :live :now :tries :limit
SELECT d.*
  FROM (
    SELECT proposal_cid FROM deal WHERE role = :role AND parked
    UNION
    SELECT proposal_cid FROM deal WHERE role = :role AND NOT parked AND attempt > 0 AND attempt >= :tries
    UNION
    SELECT proposal_cid FROM deal WHERE role = :role AND deadline IS NOT NULL AND deadline < :now
    UNION
    SELECT proposal_cid FROM deal WHERE role = :role AND waits_on IN ('operator', 'money')
  ) AS found
  JOIN deal d ON d.proposal_cid = found.proposal_cid AND d.role = :role
 WHERE d.state = ANY (CAST(:live AS int[]))
 ORDER BY COALESCE(d.waits_since, d.entered_at), d.proposal_cid
 LIMIT :limit
