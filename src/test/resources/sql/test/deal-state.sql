-- Puts a deal into a state past its flow, published under a number.
-- :proposal_cid :state :publish_cid :deal_id
UPDATE deal
   SET state       = :state,
       publish_cid = :publish_cid,
       deal_id     = :deal_id,
       version     = version + 1
 WHERE proposal_cid = :proposal_cid
   AND role = 'provider'
