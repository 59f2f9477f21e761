-- A sector of a batch looks for itself now: its message is written down.
-- :number :now
UPDATE sector
   SET run_after = :now
 WHERE number = :number
   AND run_after > :now
