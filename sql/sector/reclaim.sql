-- Gives back what an earlier life of this node held, before its routes start, so that a kill costs no lease time.
-- :owner
UPDATE sector
   SET lease_owner = NULL,
       lease_token = NULL,
       lease_until = NULL
 WHERE lease_owner = :owner
