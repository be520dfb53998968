-- Grants a role only the privileges for pg_rewind: login, and reading the compared files, in the database postgres.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
ALTER ROLE :"role" LOGIN NOREPLICATION NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text, boolean, boolean) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_stat_file(text, boolean) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text) TO :"role";
GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text, bigint, bigint, boolean) TO :"role";
RESET synchronous_commit
