-- Removes the expiry of a role that has passed.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
ALTER ROLE :"role" VALID UNTIL 'infinity';
RESET synchronous_commit
