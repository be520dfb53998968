-- Reads the configuration files again.
SELECT pg_reload_conf()
