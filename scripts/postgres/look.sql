-- The state of one server; changes nothing. Returns rows of kind, name, key, value.
-- names: settings to report, separated by commas; roles: roles to report, separated by commas; rewinder; database
WITH here AS (
  SELECT pg_is_in_recovery() AS standby, c.timeline_id, r.min_recovery_end_timeline, r.min_recovery_end_lsn, s.system_identifier,
         (SELECT w.received_tli FROM pg_stat_wal_receiver w) AS received_timeline
    FROM pg_control_checkpoint() c, pg_control_recovery() r, pg_control_system() s
), named AS (
  SELECT CASE WHEN standby THEN greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
              ELSE pg_current_wal_lsn() END AS lsn,
         -- the timeline of a standby without WAL receiver comes from the name of the segment with the last byte of its WAL
         CASE WHEN standby THEN coalesce(received_timeline, greatest(timeline_id, min_recovery_end_timeline, (
                SELECT max(('x' || substr(f.name, 1, 8))::bit(32)::int) FROM pg_ls_waldir() f,
                       (SELECT split_part(last::text, '/', 1) AS high, split_part(last::text, '/', 2) AS low
                          FROM (SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - 1 AS last) b) l
                 WHERE f.name ~ '^[0-9A-F]{24}$'
                   AND substr(f.name, 9) = lpad(high, 8, '0') || lpad(upper(to_hex(
                         ('x' || lpad(low, 16, '0'))::bit(64)::bigint / pg_size_bytes(current_setting('wal_segment_size')))), 8, '0'))))
              ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END AS timeline
    FROM here
), position AS (
  -- The control file shows the timeline that was replayed. A standby that has replayed it beyond its end in the history of the
  -- timeline above has diverged; PostgreSQL would not start it again.
  SELECT CASE WHEN diverged THEN pg_last_wal_replay_lsn() ELSE lsn END AS lsn,
         CASE WHEN diverged THEN min_recovery_end_timeline ELSE timeline END AS timeline
    FROM here, named, LATERAL (SELECT standby AND EXISTS (
           SELECT FROM regexp_matches(CASE WHEN timeline > 1 THEN pg_read_file(
                    'pg_wal/' || lpad(upper(to_hex(timeline)), 8, '0') || '.history', 0, 100000, true) END,
                  '^\s*([0-9]+)\s+([0-9A-F]+/[0-9A-F]+)', 'gn') AS e
            WHERE e[1]::int = min_recovery_end_timeline AND min_recovery_end_lsn > e[2]::pg_lsn) AS diverged) AS d
)
SELECT 'server' AS kind, '' AS name, t.key, t.value
  FROM here, position, jsonb_each_text(jsonb_build_object(
    'version', current_setting('server_version'),
    'version_number', current_setting('server_version_num'),
    'standby', standby,
    'system_identifier', system_identifier::text,
    'timeline', timeline,
    'lsn', lsn,
    'replayed', CASE WHEN standby THEN pg_last_wal_replay_lsn() END,
    'control_end', CASE WHEN standby THEN min_recovery_end_lsn END,
    'loaded', extract(epoch FROM pg_conf_load_time()),
    'directory', current_setting('data_directory'),
    'config_file', current_setting('config_file'),
    'synchronous_standby_names', current_setting('synchronous_standby_names'),
    'synchronous_commit', current_setting('synchronous_commit'),
    'unsafe_commits', (SELECT string_agg(DISTINCT concat_ws(' ', 'role ' || r.rolname, 'database ' || d.datname, 'has', c.setting), ', ')
                         FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c (setting)
                         LEFT JOIN pg_roles r ON r.oid = s.setrole LEFT JOIN pg_database d ON d.oid = s.setdatabase
                        WHERE c.setting ~ '^synchronous_commit=' AND c.setting !~ '=(on|true|yes|1|remote_write|remote_apply)$'),
    'checksums', current_setting('data_checksums'),
    'replay_paused', CASE WHEN standby THEN pg_is_wal_replay_paused() END,
    'database', EXISTS (SELECT FROM pg_database WHERE datname = :'database'),
    'rewinder_may', (SELECT bool_and(has_function_privilege(o.oid, f.name, 'execute'))
                       FROM pg_roles o, unnest(ARRAY['pg_ls_dir(text,boolean,boolean)', 'pg_stat_file(text,boolean)',
                         'pg_read_binary_file(text)', 'pg_read_binary_file(text,bigint,bigint,boolean)']) AS f(name)
                      WHERE o.rolname = :'rewinder'),
    'clients', (SELECT count(*) FROM pg_stat_activity a WHERE a.backend_type = 'client backend' AND a.application_name <> 'holdfast'
                   AND a.usename NOT IN ('replicator', 'rewinder', 'pgbouncer')),
    'history', CASE WHEN timeline > 1 THEN pg_read_file(
        'pg_wal/' || lpad(upper(to_hex(timeline)), 8, '0') || '.history', 0, 100000, true) END,
    -- the WAL receiver of a standby asks its primary for the history of every timeline between both, and exits when one is missing
    'missing_histories', CASE WHEN NOT standby THEN (SELECT string_agg(n::text, ',' ORDER BY n)
         FROM generate_series(greatest(2, timeline - 100), timeline - 1) n
        WHERE pg_stat_file('pg_wal/' || lpad(upper(to_hex(n)), 8, '0') || '.history', true) IS NULL) END
  )) AS t
UNION ALL
SELECT 'follower', r.application_name, t.key, t.value
  FROM (SELECT DISTINCT ON (application_name) application_name, pid, state, sync_state, sent_lsn, flush_lsn, replay_lsn,
               round(extract(epoch FROM replay_lag), 3) AS lag_seconds,
               CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END AS lag_bytes
          FROM pg_stat_replication ORDER BY application_name, state = 'streaming' DESC, pid DESC) AS r,
       jsonb_each_text(to_jsonb(r)) AS t
UNION ALL
SELECT 'receiver', '', t.key, t.value
  FROM (SELECT status, received_tli, slot_name, sender_host, sender_port FROM pg_stat_wal_receiver) AS w,
       jsonb_each_text(to_jsonb(w)) AS t
UNION ALL
SELECT 'slot', s.slot_name, t.key, t.value
  FROM (SELECT slot_name, slot_type, active, restart_lsn, wal_status,
               CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) END AS retained_bytes
          FROM pg_replication_slots WHERE NOT temporary) AS s,
       jsonb_each_text(to_jsonb(s)) AS t
UNION ALL
SELECT 'archiver', '', t.key, t.value
  FROM (SELECT archived_count, failed_count, last_archived_wal, last_failed_wal,
               coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS failing,
               w.ready, w.waited
          FROM pg_stat_archiver,
               -- waited: seconds since the first of these files was complete
               (SELECT count(*) AS ready,
                       greatest(0, round(extract(epoch FROM clock_timestamp() - min(d.modification)))) AS waited
                  FROM pg_ls_archive_statusdir() d WHERE d.name LIKE '%.ready') AS w) AS a,
       jsonb_each_text(to_jsonb(a)) AS t
UNION ALL
SELECT 'setting', s.name, t.key, t.value
  FROM (SELECT name, setting, unit, vartype, context, source, boot_val, pending_restart FROM pg_settings
         WHERE pending_restart OR source = 'command line' OR context = 'postmaster' AND source = 'configuration file'
            OR name = ANY (string_to_array(:'names', ','))) AS s,
       jsonb_each_text(to_jsonb(s)) AS t
UNION ALL
SELECT 'altered', f.name, 'setting', f.setting
  FROM (SELECT DISTINCT ON (name) name, setting FROM pg_file_settings
         WHERE sourcefile LIKE '%/postgresql.auto.conf' AND name IS NOT NULL ORDER BY name, seqno DESC) AS f
UNION ALL
SELECT 'wrong', coalesce(f.name, f.sourcefile || ':' || f.sourceline), 'error', f.error
  FROM pg_file_settings f LEFT JOIN pg_settings s ON s.name = f.name
    -- without a file: a removed setting that stays in effect until a restart
 WHERE f.error IS NOT NULL AND f.sourcefile IS NOT NULL AND NOT coalesce(s.pending_restart, false)
UNION ALL
SELECT 'wrong', 'pg_hba.conf:' || h.line_number, 'error', h.error FROM pg_hba_file_rules h WHERE h.error IS NOT NULL
UNION ALL
-- a reload with an unreadable certificate is reported only in the server log; a session that started since then shows it
SELECT 'wrong', 'ssl', 'error', 'ssl is on, but the server has not loaded a certificate; the server log shows the reason'
  FROM pg_stat_activity a JOIN pg_stat_ssl l ON l.pid = a.pid
 WHERE a.pid = pg_backend_pid() AND current_setting('ssl')::bool AND NOT l.ssl AND a.backend_start > pg_conf_load_time()
UNION ALL
SELECT 'role', o.rolname, t.key, t.value
  FROM (SELECT r.rolname, r.rolsuper AS superuser, r.rolcanlogin AS login, r.rolreplication AS replication,
               r.rolcreaterole AS createrole, r.rolcreatedb AS createdb, r.rolbypassrls AS bypassrls,
               coalesce(r.rolvaliduntil < now(), false) AS expired,
               (SELECT string_agg(g.rolname, ',' ORDER BY g.rolname) FROM pg_auth_members m
                  JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid) AS member_of
          FROM pg_roles r WHERE r.rolname = ANY (string_to_array(:'roles', ','))) AS o,
       jsonb_each_text(to_jsonb(o)) AS t
UNION ALL
SELECT 'undeclared', r.rolname, 'login', 'true' FROM pg_roles r
 WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname <> ALL (string_to_array(:'roles', ','))
