-- The same for every table. No parameters.
VACUUM (ANALYZE)
