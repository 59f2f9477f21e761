-- How long the deals proposed since a moment were in each stage before the answer, milliseconds: by the moments in their history.
-- :since
SELECT stage,
       percentile_cont(0.5)  WITHIN GROUP (ORDER BY millis) AS median,
       percentile_cont(0.99) WITHIN GROUP (ORDER BY millis) AS nearly_all
  FROM (
    SELECT s.name AS stage,
           e.from_state,
           1000 * extract(epoch FROM e.at - lag(e.at) OVER (PARTITION BY e.proposal_cid ORDER BY e.seq)) AS millis
      FROM deal_event e
      JOIN deal d ON d.proposal_cid = e.proposal_cid AND d.role = e.role
      JOIN deal_state s ON s.code = e.from_state
     WHERE e.role = 'provider'
       AND d.created_at >= :since) AS timed
 WHERE millis IS NOT NULL
 GROUP BY stage, from_state
 ORDER BY min(from_state)
