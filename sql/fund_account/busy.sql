-- The addresses for which something has to be looked at: a message on its way or just landed, a hold or a request that
-- waits.
SELECT address FROM fund_account WHERE message_key IS NOT NULL
UNION
SELECT address FROM fund_hold WHERE state IN ('QUEUED', 'FUNDING')
UNION
SELECT address FROM fund_request WHERE state IN ('QUEUED', 'SENT')
