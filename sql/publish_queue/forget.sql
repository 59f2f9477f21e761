-- Removes a deal's place, whatever message it went into: the deal is on chain and active, or over.
-- :proposal_cid
DELETE FROM publish_queue
 WHERE proposal_cid = :proposal_cid
