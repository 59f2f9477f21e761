-- Leases the deals whose turn has come in one state, those first that wait longest; rows that another worker is just
-- claiming are skipped. The consumers rely on each row going to one of them.
-- The commit does not wait for the disk: a lease lost in a crash is one that its holder, which notices at its next write, had to
-- give up anyway.
-- :role :state :limit :owner :token :now :until
WITH unhurried AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
UPDATE deal x
   SET lease_owner = :owner,
       lease_token = :token,
       lease_until = :until
  FROM (
    SELECT proposal_cid, role
      FROM deal
     WHERE state = :state
       AND role = :role
       AND NOT parked
       AND run_after <= :now
       AND (lease_until IS NULL OR lease_until <= :now)
     ORDER BY run_after, proposal_cid
     LIMIT :limit
       FOR UPDATE SKIP LOCKED
  ) t
 CROSS JOIN unhurried
 WHERE t.proposal_cid = x.proposal_cid
   AND t.role = x.role
RETURNING x.*
