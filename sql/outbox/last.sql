-- The newest line that is committed.
SELECT coalesce(max(id), 0) AS last
  FROM outbox
