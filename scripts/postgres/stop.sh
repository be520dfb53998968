# Stops a server.
# directory, binaries, mode (fast: sessions are ended; immediate: as if killed)
user=$(server_user postgres)
data=$directory/data
alone 60
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
alive "$pid" "$directory" || exit 0
as "$user" "$binaries/pg_ctl" -D "$data" -m "$mode" -s -w -t 120 stop >/dev/null 2>&1 9>&- ||
  fail "the server did not stop within 120 s"
