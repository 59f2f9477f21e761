-- Sectors that take pieces, with the padded bytes up to the end of their last piece; packing relies on both.
SELECT s.*,
       COALESCE(max(p.offset_padded + p.size_padded), 0) AS used_padded,
       count(p.proposal_cid) AS pieces
  FROM sector s
  LEFT JOIN sector_piece p ON p.sector_number = s.number
 WHERE s.state = 'PreCommitPhase1'
   AND s.sub_state = 'staging'
 GROUP BY s.number
 ORDER BY s.number
