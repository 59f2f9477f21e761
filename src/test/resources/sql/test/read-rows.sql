-- How many rows of each table this session has read, by whatever way, that were not carried off to the statistics yet; that is done between
-- transactions only.
SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) AS many
  FROM pg_stat_xact_user_tables
 WHERE coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0) > 0
