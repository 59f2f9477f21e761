-- What happened after an entry the reader has seen, oldest first; EventLog.since.
-- :after :limit
SELECT id,
       topic,
       key,
       event,
       from_state,
       to_state,
       note,
       at
  FROM outbox
 WHERE id > :after
 ORDER BY id
 LIMIT :limit
