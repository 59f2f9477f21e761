-- Holds that outlived their deal: nobody else would give them back.
-- :ends
SELECT h.*
  FROM fund_hold h
  JOIN deal d ON d.proposal_cid = h.proposal_cid
 WHERE h.state <> 'RELEASED'
   AND h.purpose <> 'CALLER'
   AND d.state = ANY (CAST(:ends AS int[]))
   AND d.role = CASE h.purpose WHEN 'CLIENT_PAYMENT' THEN 'client' ELSE 'provider' END
 ORDER BY h.id
 LIMIT 1000
