-- A page of proven sectors that the chain does not show as their row does: gone and not yet due to look, or faulty in one of
-- the two only. :after -1 means from the first.
-- :live :faulty :now :after :limit
SELECT *
  FROM sector
 WHERE state = 'Proving'
   AND number > :after
   AND CASE WHEN number = ANY (CAST(:live AS bigint[]))
            THEN (number = ANY (CAST(:faulty AS bigint[]))) <> (sub_state = 'faulty')
            ELSE run_after > :now AND lease_until IS NULL
       END
 ORDER BY number
 LIMIT :limit
