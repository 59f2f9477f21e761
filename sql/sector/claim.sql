-- Leases the sectors whose turn has come in one state, those first that wait longest; rows that another worker is just
-- claiming are skipped. The consumers rely on each row going to one of them.
-- :state :sub_state (null means any) :limit :owner :token :now :until
UPDATE sector x
   SET lease_owner = :owner,
       lease_token = :token,
       lease_until = :until
  FROM (
    SELECT number
      FROM sector
     WHERE state = :state
       AND (CAST(:sub_state AS text) IS NULL OR sub_state = :sub_state)
       AND NOT parked
       AND run_after <= :now
       AND (lease_until IS NULL OR lease_until <= :now)
     ORDER BY run_after, number
     LIMIT :limit
       FOR UPDATE SKIP LOCKED
  ) t
 WHERE t.number = x.number
RETURNING x.*
