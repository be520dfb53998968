-- Writes a history file without entries for a timeline whose file a primary lacks. The WAL receiver of a standby requests the history
-- of every timeline between both; only the newest of them is read.
-- number: of the timeline
DO $$
BEGIN
  EXECUTE format('COPY (SELECT %L) TO %L', '# timeline ' || :'number' || ': this server has no history of it',
    current_setting('data_directory') || '/pg_wal/' || lpad(upper(to_hex(:'number'::int)), 8, '0') || '.history');
END
$$
