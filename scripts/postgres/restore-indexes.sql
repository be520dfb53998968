-- Compares every index of a restored server with its table, where amcheck is available. The event triggers of an application do not
-- fire for the extension.
SET session_replication_role = replica;
DO $$
DECLARE
  one regclass;
  was boolean := EXISTS (SELECT FROM pg_extension WHERE extname = 'amcheck');
BEGIN
  IF NOT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'amcheck') THEN RETURN; END IF;
  CREATE EXTENSION IF NOT EXISTS amcheck;
  FOR one IN
    SELECT i.indexrelid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
     WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid AND c.relkind = 'i'
  LOOP
    PERFORM bt_index_check(one, true);
  END LOOP;
  IF NOT was THEN DROP EXTENSION amcheck; END IF;
END $$;
RESET session_replication_role
