-- Every sector state the schema knows; StateTables adds those that are missing.
SELECT name
  FROM sector_state
