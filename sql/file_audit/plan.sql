-- Writes down what is about to be removed; while it is not done, planning it again changes nothing.
-- :proposal_cid :kind :subject :bytes :why :now
INSERT INTO file_audit (proposal_cid, kind, subject, bytes, why, planned_at)
VALUES (:proposal_cid, :kind, :subject, :bytes, :why, :now)
    ON CONFLICT (kind, subject) WHERE done_at IS NULL DO NOTHING
