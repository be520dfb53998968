-- Creates a role with login. Errors are not logged, because the statement contains the password verifier.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
SET log_min_error_statement TO panic;
SET log_statement TO none;
CREATE ROLE :"role" LOGIN PASSWORD :'verifier';
RESET log_min_error_statement;
RESET log_statement;
RESET synchronous_commit
