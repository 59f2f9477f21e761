-- Hands a deal's piece to sealing, once: the row is the hand-off, and a second one for the same deal changes nothing.
-- The columns' names.
INSERT INTO sector_piece (proposal_cid, deal_id, publish_cid, piece_cid, size_padded, file, file_bytes, start_epoch,
                          end_epoch, keep_unsealed, handed_at)
VALUES (:proposal_cid, :deal_id, :publish_cid, :piece_cid, :size_padded, :file, :file_bytes, :start_epoch,
        :end_epoch, :keep_unsealed, :handed_at)
    ON CONFLICT (proposal_cid) DO NOTHING
