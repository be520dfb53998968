-- Changes the schema without queueing behind a long transaction: a lock request ends after lock_timeout, so that no other session waits
-- behind it, and is retried later.
SET standard_conforming_strings = on;
SELECT set_config('holdfast.statements', :'statements', false), set_config('holdfast.lock_timeout', :'lock_timeout', false),
  set_config('holdfast.attempts', :'attempts', false);
DO $change$
DECLARE
  attempts int := current_setting('holdfast.attempts');
BEGIN
  FOR attempt IN 1 .. attempts LOOP
    BEGIN
      PERFORM set_config('lock_timeout', current_setting('holdfast.lock_timeout'), true);
      EXECUTE current_setting('holdfast.statements');
      EXIT;
    EXCEPTION WHEN lock_not_available THEN
      IF attempt = attempts THEN
        RAISE lock_not_available USING
          MESSAGE = format('no lock within %s in %s attempts', current_setting('holdfast.lock_timeout'), attempts),
          HINT = 'a long transaction holds the table; see pg_stat_activity';
      END IF;
      PERFORM pg_sleep(least(0.1 * attempt, 2));
    END;
  END LOOP;
END
$change$;
