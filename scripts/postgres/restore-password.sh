# Gives the superuser of a restored server the password that this estate knows, over the local socket.
# directory, binaries, port, superuser, password
user=$(server_user postgres)
[ -x "$binaries/psql" ] || binaries=$(dirname -- "$(command -v psql)")
quoted=$(printf '%s' "$password" | sed "s/'/''/g")
printf 'SET log_statement = none; SET log_min_error_statement = panic; ALTER ROLE "%s" PASSWORD '"'%s'"';\n' "$superuser" "$quoted" |
  as "$user" "$binaries/psql" -X -q -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres >"$directory/log/password.log" 2>&1 ||
  fail "psql: $(tail -n 2 "$directory/log/password.log")"
