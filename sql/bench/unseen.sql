-- How many of the copied live deals nobody has looked at since the start: active ones are looked at together, which notes up to
-- which epoch the chain's news were read; each other one has its next turn later, or has moved.
-- :role :ends :newest :since
SELECT count(*) FILTER (WHERE state <> 7 AND (updated_at < :since OR run_after <= :since OR lease_until IS NOT NULL))
     + CASE WHEN EXISTS (SELECT FROM setting WHERE name = 'active-deals.scanned' AND updated_at >= :since) THEN 0
            ELSE count(*) FILTER (WHERE state = 7) END AS unseen
  FROM deal
 WHERE role = :role
   AND NOT state = ANY (CAST(:ends AS int[]))
   AND created_at <= :newest
