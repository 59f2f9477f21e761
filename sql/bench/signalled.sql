-- How many of the copied live deals the starting node has told Restart, and how many it has looked at since.
-- :role :live :newest :since
SELECT count(*) FILTER (WHERE updated_at >= :since) AS told,
       count(*) FILTER (WHERE run_after > :since AND updated_at >= :since AND lease_until IS NULL) AS looked,
       count(*) AS live
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:live AS int[]))
   AND created_at <= :newest
