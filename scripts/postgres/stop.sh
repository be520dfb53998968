# Stops a server.
# directory, binaries, mode (fast: ends sessions; immediate: without a checkpoint), seconds (time limit)
user=$(server_user postgres)
data=$directory/data
alone 60
# stopping: what the shutdown waits for, by the names of the server's processes
stopping() {
  of=$(ps -o args= --ppid "$pid" 2>/dev/null | grep -Eo '(archiver|walsender|checkpointer).*' | sort | tr '\n' ';' || true)
  printf '%s' "still running are ${of:-other processes of the server}"
}
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" != up ]; then
  service_calm "$directory" # it may wait for the other members
  exit 0
fi
as "$user" "$binaries/pg_ctl" -D "$data" -m "$mode" -s -w -t "$seconds" stop >/dev/null 2>&1 9>&- ||
  fail "the server did not stop within $seconds s: $(stopping)"
