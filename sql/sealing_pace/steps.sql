-- How long the newest proven sectors were in each step, in seconds: the median of them. A sector's time in a step is that of all
-- its visits; the time in which it took pieces is none. Failures and cool-downs count: they are part of how long it takes.
-- :limit
WITH newest AS (
  SELECT number
    FROM sector
   WHERE state = 'Proving'
   ORDER BY entered_at DESC
   LIMIT :limit
), visit AS (
  SELECT e.number, e.event, e.to_state AS state, e.at,
         lead(e.at) OVER (PARTITION BY e.number ORDER BY e.seq) AS until
    FROM sector_event e
    JOIN newest n ON n.number = e.number
   WHERE e.from_state <> e.to_state
      OR e.event = 'Packed'
), spent AS (
  SELECT number, state, sum(extract(epoch FROM until - at)) AS seconds
    FROM visit
   WHERE until IS NOT NULL
     AND event <> 'Open'
   GROUP BY number, state
)
SELECT state, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds
  FROM spent
 GROUP BY state
