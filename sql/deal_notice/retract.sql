-- Announcements of these epochs that the chain does not repeat: a reorganisation took them back.
-- :from :to :deal_ids
DELETE FROM deal_notice
 WHERE kind = 'terminated'
   AND epoch BETWEEN :from AND :to
   AND NOT deal_id = ANY (CAST(:deal_ids AS bigint[]))
