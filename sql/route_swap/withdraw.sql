-- A try like the one before it leaves no line.
-- :id
DELETE FROM route_swap
 WHERE id = :id
   AND verdict = 'underway'
