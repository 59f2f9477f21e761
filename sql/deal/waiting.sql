-- Live deals of one side that wait on somebody, those first that wait longest; a deal whose phase did not say waits on what
-- its state usually waits on.
-- :role :live (all live states) :waits_on (null means any) :usual (the states that usually wait on it) :limit
SELECT *
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:live AS int[]))
   AND (CAST(:waits_on AS text) IS NULL
        OR waits_on = :waits_on
        OR (waits_on IS NULL AND state = ANY (CAST(:usual AS int[]))))
 ORDER BY COALESCE(waits_since, entered_at), proposal_cid
 LIMIT :limit
