-- The system identifier of a primary; null on a standby. Changes nothing.
SELECT CASE WHEN NOT pg_is_in_recovery() THEN system_identifier::text END AS system FROM pg_control_system()
