-- Creates the database for applications.
-- A lost standby must not block this: it commits locally, and is replicated when the standby returns.
SET synchronous_commit TO local;
CREATE DATABASE :"database";
RESET synchronous_commit
