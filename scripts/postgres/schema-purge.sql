-- Deletes expired rows that match where (an object), in small batches with a transaction each.
SELECT set_config('holdfast.schema', :'schema', false), set_config('holdfast.table', :'table', false),
  set_config('holdfast.column', :'column', false), set_config('holdfast.seconds', :'seconds', false),
  set_config('holdfast.batch', :'batch', false), set_config('holdfast.where', :'where', false);
DO $purge$
DECLARE
  gone bigint;
  before timestamptz := now() - make_interval(secs => current_setting('holdfast.seconds')::float8);
BEGIN
  LOOP
    EXECUTE format(
      'DELETE FROM %1$I.%2$I WHERE ctid = ANY (ARRAY(SELECT ctid FROM %1$I.%2$I AS holdfast_row WHERE %3$I < $1 AND to_jsonb(holdfast_row) @> $3 ORDER BY %3$I LIMIT $2 FOR UPDATE SKIP LOCKED))',
      current_setting('holdfast.schema'), current_setting('holdfast.table'), current_setting('holdfast.column'))
      USING before, current_setting('holdfast.batch')::bigint, current_setting('holdfast.where')::jsonb;
    GET DIAGNOSTICS gone = ROW_COUNT;
    COMMIT;
    EXIT WHEN gone = 0;
  END LOOP;
END
$purge$;
