-- The number of a text that ran before.
-- :node :file :hash
SELECT version
  FROM route_version
 WHERE node = :node
   AND file = :file
   AND hash = :hash
