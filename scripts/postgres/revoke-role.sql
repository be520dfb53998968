-- Revokes an undeclared membership.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
REVOKE :"granted" FROM :"role";
RESET synchronous_commit
