-- Deals that are over, or were never there, and still have a place since before that moment.
-- :before :ends :limit
SELECT q.proposal_cid
  FROM publish_queue q
 WHERE q.queued_at < :before
   AND NOT EXISTS (
     SELECT 1
       FROM deal d
      WHERE d.proposal_cid = q.proposal_cid
        AND d.role = 'provider'
        AND NOT d.state = ANY (CAST(:ends AS int[])))
 LIMIT :limit
