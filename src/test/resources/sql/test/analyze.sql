-- So that statements are planned as on a table that has been there for a while.
ANALYZE
