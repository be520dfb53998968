# Starts a server on a base copy and waits until it has replayed the log to its target and stands still there, or takes writes.
# directory, binaries
user=$(server_user postgres)
data=$directory/data
log=$directory/log/restore.log
alone 60
pid() { head -n 1 "$data/postmaster.pid" 2>/dev/null || true; }
[ -f "$data/recovery.signal" ] || exit 0
if ! alive "$(pid)" "$directory"; then
  reaped "$(pid)"
  quoted=$(printf '%s' "$directory/conf/postgresql.conf" | sed "s/'/'\\\\''/g")
  as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'" -l "$directory/log/start.log" -s -W start \
    >/dev/null 2>&1 </dev/null 9>&- || true
  tries=300
  while ! alive "$(pid)" "$directory" && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
fi
while alive "$(pid)" "$directory"; do
  [ -f "$data/recovery.signal" ] && ! grep -q 'LOG:  *pausing at the end of recovery' "$log" 2>/dev/null || exit 0
  sleep 0.1
done
fail "the server did not come to the moment: $(cat -- "$log" "$directory/log/start.log" 2>/dev/null | grep -E 'FATAL|PANIC|ERROR' | tail -n 3)"
