-- Ends the recovery at its target: the server starts a new timeline and accepts writes.
SELECT pg_wal_replay_resume()
