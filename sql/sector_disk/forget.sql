-- Drops what is reserved for sectors that are not sealed any more: finalized, or given up and without pieces, whose files
-- are gone then.
DELETE FROM sector_disk d
 USING sector s
 WHERE s.number = d.sector_number
   AND (s.state = 'Proving'
        OR s.state = 'Unknown'
           AND (s.prove_epoch IS NOT NULL
                OR NOT EXISTS (SELECT 1 FROM sector_piece p WHERE p.sector_number = s.number)))
