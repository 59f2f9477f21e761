-- One transaction at a time takes over sectors that somebody else numbered; the lock ends with it.
SELECT 1
  FROM (SELECT pg_advisory_xact_lock(25)) AS waited
