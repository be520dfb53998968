-- Ends the recovery at its target: the server begins a timeline of its own and takes writes.
SELECT pg_wal_replay_resume()
