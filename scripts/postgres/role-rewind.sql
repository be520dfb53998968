-- What a role for pg_rewind may do: come in and read the files that pg_rewind compares, in the database postgres.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
ALTER ROLE :"role" LOGIN NOREPLICATION NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text, boolean, boolean) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_file(text, boolean) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) TO :"role";
RESET synchronous_commit
