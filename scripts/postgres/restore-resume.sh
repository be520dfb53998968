# Ends the recovery of a restored server at its target over its local socket, because it has the passwords of the recovery target.
# directory, port, superuser
user=$(server_user postgres)
output_to "$directory/log/resume.log" psql -X -A -t -q -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres \
  -c 'SELECT pg_wal_replay_resume() WHERE pg_is_in_recovery()' </dev/null || fail "psql: $(as "$user" tail -n 2 "$directory/log/resume.log")"
