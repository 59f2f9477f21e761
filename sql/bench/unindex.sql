-- Takes the deal table's indexes away while a benchmark fills it, and keeps how they are made. No parameters.
DO $$
DECLARE
  one record;
BEGIN
  CREATE TABLE bench_index AS
  SELECT indexname, indexdef
    FROM pg_indexes
   WHERE tablename = 'deal'
     AND NOT EXISTS (SELECT FROM pg_constraint WHERE conname = indexname);
  FOR one IN SELECT indexname FROM bench_index LOOP
    EXECUTE 'DROP INDEX ' || one.indexname;
  END LOOP;
END $$
