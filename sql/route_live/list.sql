-- What ran last at a node, or runs.
-- :node
SELECT v.file, v.version, v.hash, v.body, v.since
  FROM route_live l
  JOIN route_version v ON v.node = l.node AND v.file = l.file AND v.version = l.version
 WHERE l.node = :node
 ORDER BY v.file
