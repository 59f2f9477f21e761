-- Where the newest line stands.
SELECT COALESCE(max(id), 0) AS id
  FROM outbox
