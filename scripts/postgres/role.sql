-- Whether a server is a standby, what its recovery waits for, and the timeline of its control file; changes nothing.
SELECT pg_is_in_recovery() AS standby, (SELECT timeline_id FROM pg_control_checkpoint()) AS control_timeline,
       (SELECT a.wait_event FROM pg_stat_activity a WHERE a.backend_type = 'startup') AS waits
