-- Notes what the sectors wait for whose computing step this node has no room for now, and how many there are; nobody
-- claims them by that, another node may take them. Rows that are just being claimed are skipped.
-- :state :what :now
WITH due AS (
  SELECT number
    FROM sector
   WHERE state = :state
     AND sub_state = 'computing'
     AND NOT parked
     AND run_after <= :now
     AND (lease_until IS NULL OR lease_until <= :now)
   ORDER BY number
     FOR UPDATE SKIP LOCKED
), noted AS (
  UPDATE sector x
     SET waits_since = CASE WHEN x.waits_on = 'node' THEN coalesce(x.waits_since, :now) ELSE :now END,
         waits_on    = 'node',
         waits_for   = :what,
         waits_until = NULL
    FROM due
   WHERE x.number = due.number
     AND x.waits_for IS DISTINCT FROM :what
)
SELECT count(*) AS many
  FROM due
