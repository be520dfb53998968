-- Grants an application's role only login; further privileges come from its memberships.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
ALTER ROLE :"role" LOGIN NOREPLICATION NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
RESET synchronous_commit
