-- Active deals whose end epoch has come are looked at now, whatever moment they were put off to.
-- :role :head :now
UPDATE deal
   SET run_after = :now
 WHERE role = :role
   AND state = 7
   AND end_epoch <= :head
   AND run_after > :now
   AND NOT parked
   AND (lease_until IS NULL OR lease_until <= :now)
