-- The piece of one of the copies, to ask for.
-- :role :number
SELECT piece_cid
  FROM deal
 WHERE role = :role
   AND deal_id = :number
 LIMIT 1
