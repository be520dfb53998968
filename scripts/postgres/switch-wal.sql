-- Begins a new segment of the log, so that the one before is archived now.
SELECT pg_switch_wal()
