-- The database for applications.
-- A lost standby must not hold this up: it is committed here at once, and replicated when the standby is back.
SET synchronous_commit TO local;
CREATE DATABASE :"database";
RESET synchronous_commit
