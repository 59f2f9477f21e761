-- What a trial found, the newest first.
-- :trial :limit
SELECT *
  FROM shadow_difference
 WHERE trial = :trial
 ORDER BY id DESC
 LIMIT :limit
