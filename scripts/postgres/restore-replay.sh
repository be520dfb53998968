# Starts a server on a base backup and waits until it has replayed WAL to its target and is paused there, or accepts writes.
# directory, binaries
user=$(server_user postgres)
data=$directory/data
log=$directory/log/restore.log
alone 60
pid() { head -n 1 "$data/postmaster.pid" 2>/dev/null || true; }
[ -f "$data/recovery.signal" ] || exit 0
# the programs of the backup's version: without a live server, no other source names it
own=/usr/lib/postgresql/$(cat -- "$data/PG_VERSION")/bin
case $("$binaries/postgres" -V 2>/dev/null) in *" $(cat -- "$data/PG_VERSION")."*) ;; *) [ ! -x "$own/postgres" ] || binaries=$own ;; esac
quoted=$(printf '%s' "$directory/conf/postgresql.conf" | sed "s/'/'\\\\''/g")
given=
# launch: starts the server with at least the settings that the control file requires; replayed WAL may raise them
launch() {
  reaped "$directory"
  given=$given$(at_least "$binaries" "$directory" "$given")
  as "$user" "$binaries/pg_ctl" -D "$data" -o "-c config_file='$quoted'$given" -l "$directory/log/start.log" -s -W start \
    >/dev/null 2>&1 </dev/null 9>&- || true
  tries=300
  while ! alive "$(pid)" "$directory" && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done
}
if alive "$(pid)" "$directory"; then
  words=$(words_of "$directory" "$(pid)")
  given=$(printf '%s\n' "$words" | awk '/^max_/ {printf " -c %s", $0}')
else
  launch
fi
left=10
while :; do
  if ! alive "$(pid)" "$directory"; then
    # it ended because the WAL requires higher settings, which the control file shows by now
    [ -f "$data/recovery.signal" ] && [ -n "$(at_least "$binaries" "$directory" "$given")" ] || break
    launch
    alive "$(pid)" "$directory" || break
  fi
  [ -f "$data/recovery.signal" ] && ! grep -q 'LOG:  *pausing at the end of recovery' "$log" 2>/dev/null || exit 0
  sleep 0.1
  left=$((left - 1))
  [ "$left" -le 0 ] || continue
  left=10
  # a server that already answers pauses instead of shutting down
  if [ -f "$data/recovery.signal" ] && [ -n "$(at_least "$binaries" "$directory" "$given")" ]; then
    as "$user" "$binaries/pg_ctl" -D "$data" -m fast -s -w -t 120 stop >/dev/null 2>&1 9>&- || fail "the server did not stop within 120 s"
  fi
done
fail "the server did not reach the recovery target: $(cat -- "$log" "$directory/log/start.log" 2>/dev/null | grep -E 'FATAL|PANIC|ERROR' | tail -n 3)"
