-- Remembers the first head at which the chain did not show a deal as active.
-- :deal_id :epoch :now
INSERT INTO deal_notice (deal_id, kind, epoch, seen_at)
VALUES (:deal_id, 'missing', :epoch, :now)
    ON CONFLICT (deal_id, kind) DO NOTHING
