# Starts a PgBouncer and waits until its console answers; replaces a running process and ends its sessions.
# directory
user=$(stat -c %U -- "$directory/run")
alone 30
# the directory belonged to an HAProxy before
other=$(head -n 1 "$directory/run/haproxy.pid" 2>/dev/null || true)
! alive "$other" "$directory" || kill -TERM "$other"
pidfile=$directory/run/pgbouncer.pid
old=$(head -n 1 "$pidfile" 2>/dev/null || true)
tries=0
while alive "$old" "$directory"; do # newer ones wait for their clients when they are asked to end
  case $tries in 0) kill -TERM "$old" ;; 20) kill -KILL "$old" ;; 100) fail "the process $old does not exit" ;; esac 2>/dev/null || true
  tries=$((tries + 1))
  sleep 0.05
done
rm -f -- "$pidfile" "$directory"/run/.s.PGSQL.*
ulimit -S -n 4096 2>/dev/null || true # clients and servers, a descriptor each
as "$user" sh -c 'exec pgbouncer -d -q "$1/conf/pgbouncer.ini" >"$1/log/start.log" 2>&1' sh "$directory" </dev/null 9>&- ||
  fail "pgbouncer did not start: $(as "$user" tail -n 5 -- "$directory/log/start.log")"
tries=100
until console "$directory" 2 'SHOW VERSION' >/dev/null 9>&-; do
  pid=$(head -n 1 "$pidfile" 2>/dev/null || true)
  [ "$tries" -gt 0 ] && { [ "$tries" -gt 90 ] || alive "$pid" "$directory"; } ||
    fail "pgbouncer did not start: $(as "$user" tail -n 5 -- "$directory/log/pgbouncer.log")"
  tries=$((tries - 1))
  sleep 0.05
done
