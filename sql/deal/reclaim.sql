-- Gives back what an earlier life of this node held, before its routes start, so that a kill costs no lease time. Only live
-- deals are leased, and an index leads to them.
-- :owner :live
UPDATE deal
   SET lease_owner = NULL,
       lease_token = NULL,
       lease_until = NULL
 WHERE role = ANY (ARRAY['client', 'provider'])
   AND state = ANY (CAST(:live AS int[]))
   AND lease_owner = :owner
