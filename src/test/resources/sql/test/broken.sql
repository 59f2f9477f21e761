-- A statement that cannot run.
DELETE FROM no_such_table
