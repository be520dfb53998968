# Sets the password of a restored server's superuser to that of this estate, over the local socket.
# directory, binaries, port, superuser, verifier (of its password)
user=$(server_user postgres)
[ -x "$binaries/psql" ] || binaries=$(dirname -- "$(command -v psql)")
printf 'SET log_statement = none; SET log_min_error_statement = panic; ALTER ROLE "%s" PASSWORD '"'%s'"';\n' "$superuser" "$verifier" |
  output_to "$directory/log/password.log" "$binaries/psql" -X -q -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres ||
  fail "psql: $(as "$user" tail -n 2 "$directory/log/password.log")"
