-- All that is allowed, in the order of kinds and values.
SELECT kind, value
  FROM net_allow
 ORDER BY kind, value
