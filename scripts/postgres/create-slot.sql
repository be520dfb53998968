-- Keeps what a member has not received yet; reserved from now on.
SELECT pg_create_physical_replication_slot(:'slot', true)
