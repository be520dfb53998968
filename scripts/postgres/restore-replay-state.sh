# Reports the replay progress of a restored server over its local socket, because it has the passwords of the recovery target; changes
# nothing.
# directory, port, superuser
# Answers, fields separated by a tab: recovering t|f, pause TEXT
user=$(server_user postgres)
as "$user" psql -X -A -t -q -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres -c \
  "SELECT 'recovering' || chr(9) || CASE WHEN pg_is_in_recovery() THEN 't' ELSE 'f' END || chr(10) || 'pause' || chr(9) ||
   CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE '' END" </dev/null 2>&1 || fail "psql does not log in over $directory/run"
