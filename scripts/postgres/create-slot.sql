-- Creates a slot that retains WAL for a member from now on.
SELECT pg_create_physical_replication_slot(:'slot', true)
