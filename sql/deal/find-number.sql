-- One deal by the number the market actor gave it.
-- :role :deal_id
SELECT *
  FROM deal
 WHERE role = :role
   AND deal_id = :deal_id
