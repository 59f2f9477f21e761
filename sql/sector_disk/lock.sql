-- One transaction at a time reserves disk; the lock ends with it.
SELECT 1
  FROM (SELECT pg_advisory_xact_lock(26)) AS waited
