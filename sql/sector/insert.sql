-- Stores a fresh sector; its number came from the sequence, so nobody else has it.
-- Parameters are the columns' names.
INSERT INTO sector (number, miner, seal_proof, state, sub_state, version, seq, ticket_epoch, ticket, comm_d, comm_r,
                    pre_commit_intent, pre_commit_cid, pre_commit_epoch, seed_epoch, seed, proof, prove_intent,
                    prove_cid, prove_epoch, expiration_epoch, redos, message, run_after, attempt, bugs, deadline,
                    parked, waits_on, waits_for, waits_since, waits_until, last_error, created_at,
                    entered_at, updated_at)
VALUES (:number, :miner, :seal_proof, :state, :sub_state, :version, :seq, CAST(:ticket_epoch AS bigint),
        CAST(:ticket AS bytea), CAST(:comm_d AS text), CAST(:comm_r AS text),
        CAST(:pre_commit_intent AS text), CAST(:pre_commit_cid AS text), CAST(:pre_commit_epoch AS bigint),
        CAST(:seed_epoch AS bigint), CAST(:seed AS bytea), CAST(:proof AS bytea),
        CAST(:prove_intent AS text), CAST(:prove_cid AS text), CAST(:prove_epoch AS bigint),
        CAST(:expiration_epoch AS bigint), :redos, CAST(:message AS text), :run_after, :attempt, :bugs,
        CAST(:deadline AS timestamptz), :parked, CAST(:waits_on AS text),
        CAST(:waits_for AS text), CAST(:waits_since AS timestamptz), CAST(:waits_until AS timestamptz),
        CAST(:last_error AS text), :created_at, :entered_at, :updated_at)
