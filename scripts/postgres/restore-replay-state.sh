# Reports the replay progress of a restored server over its local socket, because it has the passwords of the recovery target; changes
# nothing.
# directory, port, superuser
# Records: replay recovering pause; recovering: t or f; pause: the state of a pause, empty when it does not recover
begin_records postgres/restore-replay-state
user=$(server_user postgres)
row=$(as "$user" psql -X -A -t -q -F "$tab" -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres -c \
  "SELECT CASE WHEN pg_is_in_recovery() THEN 't' ELSE 'f' END,
   CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() ELSE '' END" </dev/null 2>&1) ||
  fail "psql does not log in over $directory/run"
record replay recovering "${row%%"$tab"*}" pause "${row#*"$tab"}"
end_records
