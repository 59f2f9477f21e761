-- Live deals of one side that somebody should look at, those first that wait longest: parked, failing again and again, past
-- their deadline, or waiting on a person or on money.
-- :role :live :now :tries :limit
SELECT *
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:live AS int[]))
   AND (parked OR attempt >= :tries OR deadline < :now OR waits_on IN ('operator', 'money'))
 ORDER BY COALESCE(waits_since, entered_at), proposal_cid
 LIMIT :limit
