# Starts a proxy; replaces a running process, ends its sessions and keeps its routes.
# directory
user=$(stat -c %U "$directory/run")
alone 30
# the directory belonged to a PgBouncer before
other=$(head -n 1 "$directory/run/pgbouncer.pid" 2>/dev/null || true)
! alive "$other" "$directory" || kill -KILL "$other"
old=$(head -n 1 "$directory/run/haproxy.pid" 2>/dev/null || true)
alive "$old" "$directory" || old=
[ -f "$directory/run/state" ] || as "$user" touch -- "$directory/run/state"
as "$user" sh -c 'exec haproxy -D -f "$1/conf/haproxy.cfg" ${2:+-st "$2"} >"$1/log/haproxy.log" 2>&1' sh "$directory" "$old" \
  </dev/null 9>&- || fail "haproxy did not start: $(as "$user" tail -n 5 "$directory/log/haproxy.log")"
