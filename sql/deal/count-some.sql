-- How many deals are in each of some states; costs as much as there are in these states, whatever else the table has.
-- :role :states
SELECT state, count(*) AS many
  FROM deal
 WHERE role = :role
   AND state = ANY (CAST(:states AS int[]))
 GROUP BY state
