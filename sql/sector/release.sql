-- Gives a lease back without having begun; a stopping node relies on it so that nobody waits for the lease to end.
-- :number :token
UPDATE sector
   SET lease_owner = NULL,
       lease_token = NULL,
       lease_until = NULL
 WHERE number = :number
   AND lease_token = :token
