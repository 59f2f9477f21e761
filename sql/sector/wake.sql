-- A sector of a batch looks for itself now: its message is written down. Whoever held it beyond the end of its lease has lost it.
-- :number :now
UPDATE sector
   SET run_after   = least(run_after, :now),
       lease_owner = NULL,
       lease_token = NULL,
       lease_until = NULL
 WHERE number = :number
