-- Compare-and-set: stores a deal's state, facts and turn if nobody wrote since it was read and its lease still holds;
-- every move, record and signal relies on the count of rows, 0 meaning the lease is lost.
-- The columns' names, and :was_state :was_version :was_lease, :any_lease when the caller holds the row's lock, :lease
-- null to give the lease back, :now.
UPDATE deal
   SET state               = :state,
       version             = :version,
       seq                 = :seq,
       peer                = :peer,
       transfer_id         = CAST(:transfer_id AS bigint),
       transfer_channel    = CAST(:transfer_channel AS text),
       inbound_path        = CAST(:inbound_path AS text),
       piece_path          = CAST(:piece_path AS text),
       payload_bytes       = CAST(:payload_bytes AS bigint),
       funds_reserved_atto = :funds_reserved_atto,
       add_funds_cid       = CAST(:add_funds_cid AS text),
       publish_cid         = CAST(:publish_cid AS text),
       deal_id             = CAST(:deal_id AS bigint),
       sector_number       = CAST(:sector_number AS bigint),
       slash_epoch         = CAST(:slash_epoch AS bigint),
       remote_state        = CAST(:remote_state AS smallint),
       remote_message      = CAST(:remote_message AS text),
       remote_at           = CAST(:remote_at AS timestamptz),
       remote_asked_at     = CAST(:remote_asked_at AS timestamptz),
       remote_error        = CAST(:remote_error AS text),
       remote_unknown      = :remote_unknown,
       remote_unknown_since = CAST(:remote_unknown_since AS timestamptz),
       remote_worker       = CAST(:remote_worker AS text),
       polls               = :polls,
       poll_errors         = :poll_errors,
       message             = CAST(:message AS text),
       run_after           = :run_after,
       attempt             = :attempt,
       bugs                = :bugs,
       deadline            = CAST(:deadline AS timestamptz),
       last_epoch          = CAST(:last_epoch AS bigint),
       parked              = :parked,
       waits_on            = CAST(:waits_on AS text),
       waits_for           = CAST(:waits_for AS text),
       waits_since         = CAST(:waits_since AS timestamptz),
       waits_until         = CAST(:waits_until AS timestamptz),
       last_error          = CAST(:last_error AS text),
       entered_at          = :entered_at,
       updated_at          = :updated_at,
       lease_owner         = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_owner END,
       lease_token         = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_token END,
       lease_until         = CASE WHEN CAST(:lease AS text) IS NULL THEN NULL ELSE lease_until END
 WHERE proposal_cid = :proposal_cid
   AND role = :role
   AND state = :was_state
   AND version = :was_version
   AND (:any_lease
        OR lease_token = CAST(:was_lease AS text)
        OR (CAST(:was_lease AS text) IS NULL AND (lease_token IS NULL OR lease_until <= :now)))
