-- Gives every live deal that waits its turn now, with its count of tries begun anew: what it waited for may have come while the node
-- was down. :watched are the states that one look for all of them watches (Active); of these only what failed before is looked at.
-- Leased deals are left to whoever holds them.
-- :role :live :watched :now
UPDATE deal
   SET run_after = :now,
       attempt   = 0,
       version   = version + 1
 WHERE role = :role
   AND state = ANY (CAST(:live AS int[]))
   AND (attempt > 0 OR NOT state = ANY (CAST(:watched AS int[])))
   AND NOT parked
   AND run_after > :now
   AND (lease_until IS NULL OR lease_until <= :now)
