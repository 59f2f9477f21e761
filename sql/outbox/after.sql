-- Moves that came after an id, for those who follow the node from outside.
-- :id :limit
SELECT *
  FROM outbox
 WHERE id > :id
 ORDER BY id
 LIMIT :limit
