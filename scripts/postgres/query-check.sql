-- Whether this server is primary, how many clients it has, and which standbys it sends its WAL to; changes nothing.
SELECT NOT pg_is_in_recovery(),
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()),
       (SELECT coalesce(string_agg(application_name, ', ' ORDER BY application_name), '') FROM pg_stat_replication WHERE state = 'streaming')
