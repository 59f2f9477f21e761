-- Stores a fresh deal unless its key is taken; PostgresDealStore.insert relies on the count of rows.
-- Parameters are the columns' names; nobody holds the lease of a fresh deal.
INSERT INTO deal (proposal_cid, role, state, version, seq, proposal, data_ref, payload_cid, piece_cid,
                  piece_size_padded, client, provider, start_epoch, end_epoch, fast_retrieval, peer, transfer_id,
                  transfer_channel, inbound_path, piece_path, payload_bytes, funds_reserved_atto, add_funds_cid,
                  publish_cid, deal_id, sector_number, slash_epoch, remote_state, remote_message, remote_at, remote_asked_at, remote_error,
                  remote_unknown, remote_unknown_since,
                  remote_worker, polls, poll_errors, message, run_after, attempt, bugs, deadline, last_epoch, parked,
                  waits_on, waits_for, waits_since, waits_until, last_error, created_at, entered_at, updated_at)
VALUES (:proposal_cid, :role, :state, :version, :seq, :proposal, :data_ref, :payload_cid, :piece_cid,
        :piece_size_padded, :client, :provider, :start_epoch, :end_epoch, :fast_retrieval, :peer,
        CAST(:transfer_id AS bigint), CAST(:transfer_channel AS text), CAST(:inbound_path AS text),
        CAST(:piece_path AS text), CAST(:payload_bytes AS bigint), :funds_reserved_atto,
        CAST(:add_funds_cid AS text), CAST(:publish_cid AS text), CAST(:deal_id AS bigint),
        CAST(:sector_number AS bigint), CAST(:slash_epoch AS bigint), CAST(:remote_state AS smallint),
        CAST(:remote_message AS text), CAST(:remote_at AS timestamptz),
        CAST(:remote_asked_at AS timestamptz), CAST(:remote_error AS text), :remote_unknown,
        CAST(:remote_unknown_since AS timestamptz), CAST(:remote_worker AS text),
        :polls, :poll_errors, CAST(:message AS text), :run_after, :attempt, :bugs,
        CAST(:deadline AS timestamptz), CAST(:last_epoch AS bigint), :parked, CAST(:waits_on AS text),
        CAST(:waits_for AS text), CAST(:waits_since AS timestamptz), CAST(:waits_until AS timestamptz),
        CAST(:last_error AS text), :created_at, :entered_at, :updated_at)
    ON CONFLICT (proposal_cid, role) DO NOTHING
