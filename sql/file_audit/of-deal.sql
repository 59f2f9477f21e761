-- A deal's removals in order.
-- :proposal_cid
SELECT *
  FROM file_audit
 WHERE proposal_cid = :proposal_cid
 ORDER BY id
