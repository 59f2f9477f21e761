-- Active deals that the chain announced something about, or did not show, are looked at now.
-- :role :now
UPDATE deal d
   SET run_after = :now
  FROM deal_notice n
 WHERE d.role = :role
   AND d.state = 7
   AND d.deal_id = n.deal_id
   AND d.run_after > :now
   AND NOT d.parked
   AND (d.lease_until IS NULL OR d.lease_until <= :now)
