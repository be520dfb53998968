-- Creates the function with which a PgBouncer looks up the passwords of its clients in this database.
-- schema, role (that looks up), owner (of the function, with its privileges), body (of the function)
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
CREATE SCHEMA IF NOT EXISTS :"schema";
REVOKE ALL ON SCHEMA :"schema" FROM PUBLIC;
GRANT USAGE ON SCHEMA :"schema" TO :"role";
CREATE OR REPLACE FUNCTION :"schema".get_auth(INOUT p_user name, OUT p_password text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path TO pg_catalog AS :'body';
ALTER FUNCTION :"schema".get_auth(name) OWNER TO :"owner";
REVOKE ALL ON FUNCTION :"schema".get_auth(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION :"schema".get_auth(name) TO :"role";
RESET synchronous_commit
