-- The WAL that is not archived yet: the live RPO. Changes nothing.
WITH a AS (
  SELECT last_archived_time, coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS failing,
         last_failed_wal,
         (SELECT count(*) FROM pg_ls_archive_statusdir() d WHERE d.name ~ '^[0-9A-F]{24}\.ready$') AS ready,
         (SELECT max(name) FROM (SELECT split_part(d.name, '.', 1) AS name FROM pg_ls_archive_statusdir() d
             WHERE d.name ~ '^[0-9A-F]{24}\.done$') n) AS newest_done,
         CASE WHEN last_archived_wal ~ '^[0-9A-F]{24}$' THEN last_archived_wal END AS last_archived,
         pg_size_bytes(current_setting('wal_segment_size')) AS segment_size,
         extract(epoch FROM current_setting('archive_timeout')::interval) AS every
    FROM pg_stat_archiver
), p AS (
  SELECT a.*, greatest(last_archived, newest_done) AS newest, pg_current_wal_lsn() AS lsn FROM a
), b AS (
  SELECT p.*, CASE WHEN newest IS NOT NULL THEN greatest(0, pg_wal_lsn_diff(lsn, '0/0'::pg_lsn
      + (('x' || substr(newest, 9, 8))::bit(32)::bigint * (4294967296 / segment_size)
       + ('x' || substr(newest, 17, 8))::bit(32)::bigint + 1) * segment_size)) END AS bytes
    FROM p
)
SELECT bytes, lsn::text, failing, last_failed_wal, ready, newest, extract(epoch FROM clock_timestamp()) AS now,
       CASE WHEN bytes = 0 THEN 0
            -- when the server wrote only its own bookkeeping, archive_timeout does not end the segment
            WHEN ready = 0 AND NOT failing AND every > 0 AND clock_timestamp() - last_archived_time > make_interval(secs => 2 * every + 5) THEN 0
            ELSE greatest(0, extract(epoch FROM clock_timestamp() - last_archived_time)) END AS seconds,
       (SELECT sum(pg_database_size(oid)) FROM pg_database) AS size
  FROM b
