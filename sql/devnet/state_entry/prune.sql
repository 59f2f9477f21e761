-- Forgets changes that a later one at or below a height has covered, and rows that were gone by then.
-- :height
DELETE FROM devnet_state_entry old
 WHERE old.height <= :height
   AND (old.value IS NULL
        OR EXISTS (SELECT 1
                     FROM devnet_state_entry newer
                    WHERE newer.state_table = old.state_table
                      AND newer.key = old.key
                      AND newer.height > old.height
                      AND newer.height <= :height))
