-- Compare-and-set: stores a sector's state, facts and turn if nobody wrote since it was read and its lease still holds;
-- every move, record and signal relies on the count of rows, 0 meaning the lease is lost.
-- The columns' names, and :was_state :was_version :was_lease, :any_lease when the caller holds the row's lock, :lease
-- null to give the lease back, :now.
UPDATE sector
   SET state             = :state,
       sub_state         = :sub_state,
       version           = :version,
       seq               = :seq,
       ticket_epoch      = CAST(:ticket_epoch AS bigint),
       ticket            = CAST(:ticket AS bytea),
       comm_d            = CAST(:comm_d AS text),
       comm_r            = CAST(:comm_r AS text),
       pre_commit_intent = CAST(:pre_commit_intent AS text),
       pre_commit_cid    = CAST(:pre_commit_cid AS text),
       pre_commit_epoch  = CAST(:pre_commit_epoch AS bigint),
       seed_epoch        = CAST(:seed_epoch AS bigint),
       seed              = CAST(:seed AS bytea),
       proof             = CAST(:proof AS bytea),
       prove_intent      = CAST(:prove_intent AS text),
       prove_cid         = CAST(:prove_cid AS text),
       prove_epoch       = CAST(:prove_epoch AS bigint),
       expiration_epoch  = CAST(:expiration_epoch AS bigint),
       redos             = :redos,
       message           = CAST(:message AS text),
       run_after         = :run_after,
       attempt           = :attempt,
       bugs              = :bugs,
       deadline          = CAST(:deadline AS timestamptz),
       parked            = :parked,
       waits_on          = CAST(:waits_on AS text),
       waits_for         = CAST(:waits_for AS text),
       waits_since       = CAST(:waits_since AS timestamptz),
       waits_until       = CAST(:waits_until AS timestamptz),
       last_error        = CAST(:last_error AS text),
       entered_at        = :entered_at,
       updated_at        = :updated_at,
       lease_owner       = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_owner END,
       lease_token       = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_token END,
       lease_until       = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_until END
 WHERE number = :number
   AND state = :was_state
   AND version = :was_version
   AND (:any_lease
        OR lease_token = CAST(:was_lease AS text)
        OR (CAST(:was_lease AS text) IS NULL AND (lease_token IS NULL OR lease_until <= :now)))
