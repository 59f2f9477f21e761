-- How many sectors are in each state, for lists, pages and metrics.
SELECT state, count(*) AS many
  FROM sector
 GROUP BY state
