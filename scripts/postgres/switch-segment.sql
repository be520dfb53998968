-- Ends the present segment, with a commit in it, so that it is archived now.
BEGIN;
SELECT txid_current();
COMMIT;
SELECT pg_walfile_name(pg_switch_wal()) AS segment;
