-- How many sectors were finished in each stretch of time since a moment, the stretches counted from that moment.
-- :since :seconds (of one stretch)
SELECT CAST(floor(extract(epoch FROM at - :since) / :seconds) AS int) AS stretch, count(*) AS many
  FROM sector_event
 WHERE event = 'Finalized'
   AND from_state <> to_state
   AND at >= :since
 GROUP BY stretch
 ORDER BY stretch
