-- What ran last, or runs, at the other nodes that share this database.
-- :node
SELECT v.node, v.file, v.body
  FROM route_live l
  JOIN route_version v ON v.node = l.node AND v.file = l.file AND v.version = l.version
 WHERE l.node <> :node
 ORDER BY v.node, v.file
