-- Writes out the rows that some transactions left, one file per table; changes nothing in the database.
-- In the folder holdfast.folder: ids (the transactions) and files (of the tables they touched), one number per line.
SET search_path = pg_catalog;

DO $keep$
DECLARE
  folder text := current_setting('holdfast.folder');
  ids text[] := string_to_array(trim(E'\n' FROM pg_read_file(folder || '/ids')), E'\n');
  files text[] := string_to_array(trim(E'\n' FROM pg_read_file(folder || '/files')), E'\n');
  kept record;
BEGIN
  FOR kept IN
    SELECT format('%I.%I', n.nspname, c.relname) AS name,
           folder || '/' || translate(current_database() || '.' || n.nspname || '.' || c.relname, E'/\n', '__') || '.csv' AS file
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND pg_relation_filenode(c.oid)::text = ANY (files)
  LOOP
    EXECUTE format('COPY (SELECT * FROM %s WHERE xmin::text = ANY (%L)) TO %L WITH (FORMAT csv, HEADER)', kept.name, ids, kept.file);
  END LOOP;
END
$keep$;

