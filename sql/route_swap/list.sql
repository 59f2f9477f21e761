-- The newest changes of a node, the newest first; of one file where one is named.
-- :node :file (null for all) :before (an id, null for the newest) :limit
SELECT id, at, who, file, from_version, to_version, verdict, reason, diff
  FROM route_swap
 WHERE node = :node
   AND (CAST(:file AS text) IS NULL OR file = CAST(:file AS text))
   AND (CAST(:before AS bigint) IS NULL OR id < CAST(:before AS bigint))
 ORDER BY id DESC
 LIMIT :limit
