-- Deals that are over, or were never there, and still have transfers of one side that nothing has changed for a while.
-- :role :before :ends :limit
SELECT DISTINCT c.proposal_cid
  FROM transfer_channel c
 WHERE c.role = :role
   AND c.updated_at < :before
   AND NOT EXISTS (
     SELECT 1
       FROM deal d
      WHERE d.proposal_cid = c.proposal_cid
        AND d.role = c.role
        AND NOT d.state = ANY (CAST(:ends AS int[])))
 LIMIT :limit
