-- remote_at is the provider's last signed word now; these tell when it was asked last, and why there was no answer.
ALTER TABLE deal
  ADD COLUMN remote_asked_at      timestamptz,
  ADD COLUMN remote_error         text,
  ADD COLUMN remote_unknown       integer NOT NULL DEFAULT 0,
  ADD COLUMN remote_unknown_since timestamptz;
UPDATE deal SET remote_asked_at = remote_at WHERE remote_at IS NOT NULL;
