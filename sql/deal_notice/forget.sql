-- The deal is there as it should be, or it has ended.
-- :deal_id
DELETE FROM deal_notice
 WHERE deal_id = :deal_id
