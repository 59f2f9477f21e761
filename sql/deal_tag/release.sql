-- Takes back what a deal does not need any more; what it never had is no matter.
-- :proposal_cid :kinds
DELETE FROM deal_tag
 WHERE proposal_cid = :proposal_cid
   AND kind = ANY (CAST(:kinds AS text[]))
