# Stops a server.
# directory, binaries, mode (fast: sessions are ended; immediate: as if killed), seconds (how long that may take)
user=$(server_user postgres)
data=$directory/data
alone 60
# stopping: what a stop waits for, by the names that the server's processes have
stopping() {
  of=$(ps -o args= --ppid "$pid" 2>/dev/null | grep -Eo '(archiver|walsender|checkpointer).*' | sort | tr '\n' ';' || true)
  printf '%s' "its processes are still ${of:-there}"
}
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
[ "$process" = up ] || exit 0
as "$user" "$binaries/pg_ctl" -D "$data" -m "$mode" -s -w -t "$seconds" stop >/dev/null 2>&1 9>&- ||
  fail "the server did not stop within $seconds s: $(stopping)"
