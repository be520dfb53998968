-- Before a promotion: for two minutes, restore_command reports immediately that the backup repository has no file, so that the
-- promotion does not wait for an unreachable repository. Only the age of this file counts; nothing removes it.
DO $$
BEGIN
  EXECUTE format('COPY (SELECT now()) TO %L', current_setting('data_directory') || '/holdfast.promotion');
END
$$
