-- A page of one side's deals of one piece, newest first; :states empty means all, :party null any.
-- :role :piece_cid :party :states :from :after_cid :limit
SELECT *
  FROM deal
 WHERE role = :role
   AND piece_cid = :piece_cid
   AND (CAST(:party AS text) IS NULL OR CASE WHEN role = 'client' THEN provider ELSE client END = :party)
   AND (cardinality(CAST(:states AS int[])) = 0 OR state = ANY (CAST(:states AS int[])))
   AND created_at <= :from
   AND (created_at < :from OR proposal_cid > :after_cid)
 ORDER BY created_at DESC, proposal_cid
 LIMIT :limit
