-- The lowest transaction number that may still be running; all below have ended.
SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint) AS lowest
