-- The version that ran before the one that runs: where the newest swap that was taken came from. Of a file that was dropped,
-- the version that ran last.
-- :node :file
SELECT v.file, v.version, v.hash, v.body, v.since
  FROM route_swap s
  JOIN route_version v ON v.node = s.node AND v.file = s.file AND v.version = s.from_version
 WHERE s.node = :node
   AND s.file = :file
   AND s.verdict = 'taken'
 ORDER BY s.id DESC
 LIMIT 1
