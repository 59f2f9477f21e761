-- One version of a file.
-- :node :file :version
SELECT file, version, hash, body, since
  FROM route_version
 WHERE node = :node
   AND file = :file
   AND version = :version
