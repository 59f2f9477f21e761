-- Where a miner was found last.
-- :miner
SELECT *
  FROM miner_contact
 WHERE miner = :miner
