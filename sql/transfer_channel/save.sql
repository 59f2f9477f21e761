-- Stores a transfer, or takes the place of what was stored under its key; TransferStore.save.
-- The columns' names, :now for both times.
INSERT INTO transfer_channel (role, initiator, responder, transfer_id, proposal_cid, payload_cid, status, ended, bytes,
                              blocks, total_bytes, restarts, error, piece_cid, piece_size_padded, car_bytes,
                              started_at, progress_at, bytes_per_second, created_at, updated_at)
VALUES (:role, :initiator, :responder, :transfer_id, :proposal_cid, :payload_cid, :status, :ended, :bytes,
        :blocks, CAST(:total_bytes AS bigint), :restarts, CAST(:error AS text), CAST(:piece_cid AS text),
        CAST(:piece_size_padded AS bigint), CAST(:car_bytes AS bigint),
        :started_at, :progress_at, :bytes_per_second, :now, :now)
    ON CONFLICT (role, initiator, responder, transfer_id) DO UPDATE
   SET status = EXCLUDED.status,
       ended = EXCLUDED.ended,
       bytes = EXCLUDED.bytes,
       blocks = EXCLUDED.blocks,
       total_bytes = EXCLUDED.total_bytes,
       restarts = EXCLUDED.restarts,
       error = EXCLUDED.error,
       piece_cid = EXCLUDED.piece_cid,
       piece_size_padded = EXCLUDED.piece_size_padded,
       car_bytes = EXCLUDED.car_bytes,
       progress_at = EXCLUDED.progress_at,
       bytes_per_second = EXCLUDED.bytes_per_second,
       updated_at = EXCLUDED.updated_at
