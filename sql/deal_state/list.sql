-- Every state the schema knows; StateTables stops the start when one differs from the enum.
SELECT code, name
  FROM deal_state
