-- Lets a PgBouncer look up, in this database, how those who come in through it prove who they are.
-- schema, role (that looks up), owner (whose right the function has), body (what it asks)
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
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
