-- What autovacuum does within minutes on a node that ran for the years in which so many deals end. No parameters.
VACUUM (ANALYZE) deal
