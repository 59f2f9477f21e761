-- Removals that were planned so long ago that whoever began them is gone.
-- :before :limit
SELECT *
  FROM file_audit
 WHERE done_at IS NULL
   AND planned_at < :before
 ORDER BY id
 LIMIT :limit
