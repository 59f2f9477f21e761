-- The message in which a sector's wish to be sent is.
-- :member_key
SELECT message_key
  FROM sector_batch
 WHERE member_key = :member_key
