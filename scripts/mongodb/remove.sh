# Ends one server by the pid in its directory, if that process belongs to the directory; removes the directory on request.
# directory, mark: the expected mark of the directory; force: yes ends it with SIGKILL after 1 s; data: keep or remove
pidfile=$directory/run/pid
[ -f "$directory/holdfast.node" ] || exit 0
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"

node_lock 60
if [ "$force" = yes ]; then service_stop "$directory" 2; else service_stop "$directory" 60; fi
look_at "$pidfile" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  kill -TERM "$pid"
  if [ "$force" = yes ]; then left=10; else left=600; fi
  while alive "$pid" "$directory" && [ $left -gt 0 ]; do left=$((left - 1)); sleep 0.1; done
  if alive "$pid" "$directory"; then
    [ "$force" = yes ] || fail "process $pid did not end within 60 s of SIGTERM"
    kill -KILL "$pid"
  fi
  left=100
  while [ -d "/proc/$pid/task" ] && [ "$(ls "/proc/$pid/task" | wc -l)" -gt 1 ] && [ $left -gt 0 ]; do
    left=$((left - 1)); sleep 0.1
  done
fi
must_be_stopped "$pidfile" "$directory"
left=$(processes_in "$directory")
[ -z "$left" ] || fail "processes in $directory still run: $left"
service_forget "$directory"
[ "$data" = remove ] || exit 0
rm -rf -- "$directory"
# also empty parent directories: of the cluster and the host; for a side-by-side server also of the label and all labels
case $directory in */restored/*/*/*/*) left=4 ;; *) left=2 ;; esac
parent=$(dirname -- "$directory")
while [ $left -gt 0 ] && rmdir -- "$parent" 2>/dev/null; do
  parent=$(dirname -- "$parent")
  left=$((left - 1))
done
