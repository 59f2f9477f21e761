-- Deletes what is too old to count.
-- :before
DELETE FROM acceptance
 WHERE accepted_at <= :before
