-- The second query of a primary's followers; changes nothing.
SELECT r.application_name AS name, r.pid, r.state, r.flush_lsn::text AS flushed, pg_current_wal_lsn()::text AS lsn
  FROM (SELECT 1) AS one LEFT JOIN pg_stat_replication r ON true
