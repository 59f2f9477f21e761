-- The chain announced that a deal of ours was terminated; a deal that is not active here concerns nobody.
-- :role :deal_id :epoch :now
INSERT INTO deal_notice (deal_id, kind, epoch, seen_at)
SELECT deal_id, 'terminated', :epoch, :now
  FROM deal
 WHERE role = :role
   AND deal_id = :deal_id
   AND state = 7
    ON CONFLICT (deal_id, kind) DO UPDATE
   SET epoch = :epoch
