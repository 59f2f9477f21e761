-- Every change in the order it happened; what a start folds into states.
SELECT state_table, key, height, value
  FROM devnet_state_entry
 ORDER BY height
