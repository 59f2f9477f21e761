-- Allows something no more.
-- :kind :value
DELETE FROM net_allow
 WHERE kind = :kind
   AND value = :value
