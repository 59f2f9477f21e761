-- One top-up at a time counts the day's: the lock is the transaction's.
SELECT 1 AS held
  FROM (SELECT pg_advisory_xact_lock(20052)) AS day
