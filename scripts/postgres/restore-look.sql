-- The replay progress of a restored server; changes nothing.
SELECT pg_is_in_recovery() AS recovering,
       CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END AS pause,
       pg_last_wal_replay_lsn()::text AS lsn,
       pg_last_xact_replay_timestamp()::text AS committed
