-- Reads every row of every table of a database once, which verifies the checksum of every block. Changes nothing.
DO $$
DECLARE
  one regclass;
  rows bigint;
BEGIN
  FOR one IN SELECT oid FROM pg_class WHERE relkind IN ('r', 'm', 't') AND relpersistence = 'p' ORDER BY oid LOOP
    EXECUTE format('SELECT count(*) FROM %s', one) INTO rows;
  END LOOP;
END $$
