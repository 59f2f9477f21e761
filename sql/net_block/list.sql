-- All that is blocked, in the order of kinds and values.
SELECT kind, value
  FROM net_block
 ORDER BY kind, value
