-- Whether a server is a standby, and the timeline of its control file; changes nothing.
SELECT pg_is_in_recovery() AS standby, (SELECT timeline_id FROM pg_control_checkpoint()) AS control_timeline
