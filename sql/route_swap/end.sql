-- What became of it.
-- :id :verdict :reason :to_version (null when nothing new runs)
UPDATE route_swap
   SET verdict = :verdict, reason = CAST(:reason AS text), to_version = CAST(:to_version AS integer)
 WHERE id = :id
