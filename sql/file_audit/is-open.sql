-- Whether a removal was planned and not finished, as after a kill.
-- :kind :subject
SELECT 1 AS found
  FROM file_audit
 WHERE kind = :kind
   AND subject = :subject
   AND done_at IS NULL
