-- Nothing of the file runs any more.
-- :node :file
DELETE FROM route_live
 WHERE node = :node
   AND file = :file
