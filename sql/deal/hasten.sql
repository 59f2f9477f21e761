-- Gives every deal that waits after a failure its turn now, with its count of tries begun anew: what stood in its way may be gone
-- with the restart. Leased deals are left to whoever holds them.
-- :role :now
UPDATE deal
   SET run_after = :now,
       attempt   = 0,
       version   = version + 1
 WHERE role = :role
   AND attempt > 0
   AND NOT parked
   AND run_after > :now
   AND run_after < '9999-01-01'
   AND (lease_until IS NULL OR lease_until <= :now)
