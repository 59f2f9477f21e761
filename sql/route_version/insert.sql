-- A new text gets the next number.
-- :node :file :hash :body :now
INSERT INTO route_version (node, file, version, hash, body, since)
SELECT :node, :file, coalesce(max(version), 0) + 1, :hash, :body, :now
  FROM route_version
 WHERE node = :node
   AND file = :file
RETURNING version
