-- Everything up to that place was taken, or is of another kind.
-- :name :topic :token :place :many :now
UPDATE move_feed
   SET place = :place,
       taken = taken + :many,
       taken_at = CASE WHEN :many > 0 THEN CAST(:now AS timestamptz) ELSE taken_at END,
       failures = CASE WHEN :many > 0 THEN 0 ELSE failures END,
       failing_since = CASE WHEN :many > 0 THEN NULL ELSE failing_since END,
       last_error = CASE WHEN :many > 0 THEN NULL ELSE last_error END
 WHERE name = :name
   AND topic = :topic
   AND lease_token = :token
   AND place <= :place
