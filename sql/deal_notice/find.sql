-- The epoch of what is known of a deal.
-- :deal_id :kind
SELECT epoch
  FROM deal_notice
 WHERE deal_id = :deal_id
   AND kind = :kind
