-- How many of the copied live deals nobody has looked at since the start. Active ones are looked at together, which notes up to
-- which epoch the chain's news were read. Of the others a look leaves a later moment in updated_at than the one at which the state
-- was entered, be it before the start or, where the start itself moved them, after it.
-- :role :ends :newest :since
SELECT count(*) FILTER (WHERE state <> 7 AND (updated_at < :since OR updated_at = entered_at))
     + CASE WHEN EXISTS (SELECT FROM setting WHERE name = 'active-deals.scanned' AND updated_at >= :since) THEN 0
            ELSE count(*) FILTER (WHERE state = 7) END AS unseen
  FROM deal
 WHERE role = :role
   AND NOT state = ANY (CAST(:ends AS int[]))
   AND created_at <= :newest
