# Sets the password of a role of a restored server to that of this estate, over the local socket; changes nothing without the role.
# directory, binaries, port, superuser (the login), role, verifier (of its password)
user=$(server_user postgres)
[ -x "$binaries/psql" ] || binaries=$(dirname -- "$(command -v psql)")
printf 'SET log_statement = none; SET log_min_error_statement = panic;
SELECT format($v$ALTER ROLE %%I PASSWORD %%L$v$, rolname, $v$%s$v$) FROM pg_roles WHERE rolname = $v$%s$v$ \\gexec\n' "$verifier" "$role" |
  output_to "$directory/log/password.log" "$binaries/psql" -X -q -v ON_ERROR_STOP=1 -h "$directory/run" -p "$port" -U "$superuser" -d postgres ||
  fail "psql: $(as "$user" tail -n 2 "$directory/log/password.log")"
