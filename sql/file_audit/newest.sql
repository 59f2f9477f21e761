-- The newest removals, newest first.
-- :limit
SELECT *
  FROM file_audit
 ORDER BY id DESC
 LIMIT :limit
