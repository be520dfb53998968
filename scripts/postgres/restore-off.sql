-- Before a promotion: for two minutes restore_command answers at once that the backup repository has nothing more, so that the
-- promotion does not wait for a repository that does not answer. The age of this file is all that counts; nothing removes it.
DO $$
BEGIN
  EXECUTE format('COPY (SELECT now()) TO %L', current_setting('data_directory') || '/holdfast.promotion');
END
$$
