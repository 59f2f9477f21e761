-- The versions of a file, the newest first.
-- :node :file
SELECT file, version, hash, body, since
  FROM route_version
 WHERE node = :node
   AND file = :file
 ORDER BY version DESC
