-- What a role for replication may do: that, and nothing else.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
ALTER ROLE :"role" LOGIN REPLICATION NOSUPERUSER NOCREATEROLE NOCREATEDB NOBYPASSRLS;
RESET synchronous_commit
