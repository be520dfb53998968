# Starts a server and waits until it accepts connections, ends, or 30 s have passed.
# directory, binaries
user=$(server_user postgres)
data=$directory/data
exec 9>>"$directory/.lock"
flock -w 60 9 || fail "another script is still at work in $directory"
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
reaped "$pid"
if alive "$pid" "$directory"; then exit 0; fi
[ ! -e "$directory/fence" ] || fail "it is fenced and not started: $(cat -- "$directory/fence")"

log=$directory/log/start.log
as "$user" truncate -s 0 -- "$log"
quoted=$(printf '%s' "$directory/conf/postgresql.conf" | sed "s/'/'\\\\''/g")
if as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'" -l "$log" -s -w -t 30 start \
  >/dev/null 2>&1 </dev/null 9>&-
then exit 0
fi
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then exit 0; fi
said() { grep -E 'FATAL|PANIC|ERROR|HINT' | grep -v 'Future log output' | tail -n 3; }
reason=$(said <"$log" || true)
newest=$(ls -t "$directory"/log/postgresql-*.log 2>/dev/null | head -n 1)
[ -n "$reason" ] || [ -z "$newest" ] || reason=$(tail -n 30 -- "$newest" | said || true)
fail "the server did not start: ${reason:-see $directory/log}"
