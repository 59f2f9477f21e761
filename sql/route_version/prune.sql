-- Forgets the oldest versions of a file, never the one that runs.
-- :node :file :keep
DELETE FROM route_version v
 WHERE v.node = :node
   AND v.file = :file
   AND v.version NOT IN (SELECT version FROM route_version WHERE node = :node AND file = :file ORDER BY version DESC LIMIT :keep)
   AND NOT EXISTS (SELECT 1 FROM route_live l WHERE l.node = v.node AND l.file = v.file AND l.version = v.version)
