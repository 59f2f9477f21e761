-- How many deals are in each state, for lists, pages and metrics.
-- :role 
SELECT state, count(*) AS many
  FROM deal
 WHERE role = :role
 GROUP BY state
