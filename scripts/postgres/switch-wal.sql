-- Starts a new WAL segment, so that the previous one is archived now.
SELECT pg_switch_wal()
