-- A page of one side's deals in some states, newest first: the head of each state's own order, merged.
-- :role :states :from :after_cid :limit
SELECT d.*
  FROM unnest(CAST(:states AS int[])) AS s (code)
 CROSS JOIN LATERAL (
    SELECT *
      FROM deal
     WHERE role = :role
       AND state = s.code
       AND created_at <= :from
       AND (created_at < :from OR proposal_cid > :after_cid)
     ORDER BY created_at DESC, proposal_cid
     LIMIT :limit) d
 ORDER BY d.created_at DESC, d.proposal_cid
 LIMIT :limit
