-- Keeps a lease that still is ours; the worker of a long phase relies on the count of rows, 0 meaning it lost it.
-- :number :token :until
UPDATE sector
   SET lease_until = :until
 WHERE number = :number
   AND lease_token = :token
