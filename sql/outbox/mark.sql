-- The newest line that is committed, and a transaction number above that of every line numbered so far.
SELECT (SELECT coalesce(max(id), 0) FROM outbox) AS last,
       CAST(CAST(pg_current_xact_id() AS text) AS bigint) AS above
