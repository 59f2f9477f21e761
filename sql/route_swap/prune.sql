-- Forgets the oldest changes of a node.
-- :node :keep
DELETE FROM route_swap
 WHERE node = :node
   AND id <= (SELECT id FROM route_swap WHERE node = :node ORDER BY id DESC OFFSET :keep LIMIT 1)
