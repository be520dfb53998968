-- Exports the rows of some transactions, one file per table; changes nothing in the database.
-- Input in the directory holdfast.folder: ids (the transactions) and files (of the modified tables), one number per line. Output there:
-- one file per table, and tables-OID (of the database): rows, file, database and table.
SET search_path = pg_catalog;

DO $keep$
DECLARE
  folder text := current_setting('holdfast.folder');
  ids text[] := string_to_array(trim(E'\n' FROM pg_read_file(folder || '/ids')), E'\n');
  files text[] := string_to_array(trim(E'\n' FROM pg_read_file(folder || '/files')), E'\n');
  base oid := (SELECT oid FROM pg_database WHERE datname = current_database());
  -- only a name of lower-case letters, digits and underscores is part of the file name; other names could collide or be too long, so
  -- the numbers of database and table distinguish them
  plain text := '^[a-z_][a-z0-9_]{0,62}$';
  kept record;
  names text[] := '{}';
  written bigint;
BEGIN
  FOR kept IN
    SELECT format('%I.%I', n.nspname, c.relname) AS name,
           CASE WHEN current_database() ~ plain AND n.nspname ~ plain AND c.relname ~ plain
                THEN concat_ws('.', current_database(), n.nspname, c.relname)
                ELSE concat_ws('.', left(regexp_replace(lower(current_database()), '[^a-z0-9_]', '_', 'g'), 40),
                               left(regexp_replace(lower(n.nspname), '[^a-z0-9_]', '_', 'g'), 40),
                               left(regexp_replace(lower(c.relname), '[^a-z0-9_]', '_', 'g'), 40), base, c.oid) END || '.csv' AS file
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
       AND pg_relation_filenode(c.oid)::text = ANY (files)
     ORDER BY c.oid
  LOOP
    EXECUTE format('COPY (SELECT * FROM %s WHERE xmin::text = ANY (%L)) TO %L WITH (FORMAT csv, HEADER)', kept.name, ids,
                   folder || '/' || kept.file);
    GET DIAGNOSTICS written = ROW_COUNT;
    names := names || format(E'%s\t%s\t%s\t%s', written, kept.file,
                             replace(replace(current_database(), E'\n', ' '), E'\t', ' '),
                             replace(replace(kept.name, E'\n', ' '), E'\t', ' '));
  END LOOP;
  IF names <> '{}' THEN
    EXECUTE format('COPY (SELECT unnest(%L::text[])) TO %L WITH (FORMAT csv, QUOTE E''\x01'', DELIMITER E''\x02'')', names,
                   folder || '/tables-' || base);
  END IF;
END
$keep$;
