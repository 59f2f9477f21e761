-- The files that one side's live deals lie in.
-- :role :ends
SELECT inbound_path, piece_path
  FROM deal
 WHERE role = :role
   AND NOT state = ANY (CAST(:ends AS int[]))
   AND (inbound_path IS NOT NULL OR piece_path IS NOT NULL)
