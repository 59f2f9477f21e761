-- Empties every table of a test but those that the program and its migrations fill.
DO $$ BEGIN
  EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ')
             FROM pg_tables
            WHERE schemaname = 'public'
              AND tablename NOT IN ('deal_state', 'sector_state')
              AND tablename NOT LIKE 'flyway%'
              AND tablename NOT LIKE 'qrtz%');
END $$
