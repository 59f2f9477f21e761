-- Blocks something no more.
-- :kind :value
DELETE FROM net_block
 WHERE kind = :kind
   AND value = :value
