-- Makes them again. No parameters.
DO $$
DECLARE
  one record;
BEGIN
  PERFORM set_config('maintenance_work_mem', '512MB', true);
  FOR one IN SELECT indexdef FROM bench_index LOOP
    EXECUTE one.indexdef;
  END LOOP;
  DROP TABLE bench_index;
END $$
