-- Admits one worker a provider to closing a batch, until the transaction ends; PublishQueue.enter relies on it.
-- :provider
SELECT 1 AS held
  FROM (SELECT pg_advisory_xact_lock(hashtextextended(:provider, 24))) AS waited
