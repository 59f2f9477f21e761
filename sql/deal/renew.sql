-- Keeps a lease that still is ours; the worker of a long phase relies on the count of rows, 0 meaning it lost it.
-- :proposal_cid :role :token :until
UPDATE deal
   SET lease_until = :until
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND lease_token = :token
