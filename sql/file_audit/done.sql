-- What became of a removal.
-- :kind :subject :outcome :now
UPDATE file_audit
   SET done_at = :now,
       outcome = :outcome
 WHERE kind = :kind
   AND subject = :subject
   AND done_at IS NULL
