-- Grants a declared membership.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
GRANT :"granted" TO :"role";
RESET synchronous_commit
