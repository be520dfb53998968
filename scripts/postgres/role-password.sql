-- The password a role should have. What fails is not logged, as the statement holds what a password is checked with.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
SET log_min_error_statement TO panic;
SET log_statement TO none;
ALTER ROLE :"role" LOGIN PASSWORD :'verifier';
RESET log_min_error_statement;
RESET log_statement;
RESET synchronous_commit
