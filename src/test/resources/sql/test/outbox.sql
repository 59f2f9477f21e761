-- What the outbox holds.
SELECT event FROM outbox ORDER BY id
