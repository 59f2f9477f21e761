-- Gives a lease back without having begun; a stopping node relies on it so that nobody waits for the lease to end.
-- :proposal_cid :role :token
UPDATE deal
   SET lease_owner = NULL,
       lease_token = NULL,
       lease_until = NULL
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND lease_token = :token
