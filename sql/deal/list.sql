-- A page of one side's deals, newest first, after the deal that was made at :from and has the CID :after_cid.
-- :role :from :after_cid :limit
SELECT *
  FROM deal
 WHERE role = :role
   AND created_at <= :from
   AND (created_at < :from OR proposal_cid > :after_cid)
 ORDER BY created_at DESC, proposal_cid
 LIMIT :limit
