-- A page of one side's deals, newest first; :states empty means all, :after_at null means from the beginning.
-- :role :states :after_at :after_cid :limit
SELECT *
  FROM deal
 WHERE role = :role
   AND (cardinality(CAST(:states AS int[])) = 0 OR state = ANY (CAST(:states AS int[])))
   AND (CAST(:after_at AS timestamptz) IS NULL
        OR created_at < :after_at
        OR (created_at = :after_at AND proposal_cid > :after_cid))
 ORDER BY created_at DESC, proposal_cid
 LIMIT :limit
