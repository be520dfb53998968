-- Makes a standby primary; does not wait, its end is looked for.
SELECT pg_promote(false)
