# Makes sure that a member is gone and is not started again until it rejoins. It fails unless it sees that nothing is left: no
# process, no lock on its data, nothing that listens where it did.
# directory, mark: what the directory's mark must say; text: why it is fenced, one line; address, port
# force: yes ends a process that is still there by SIGKILL; no fails on it
[ -f "$directory/holdfast.node" ] || fail "$directory is not there"
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"

# no start goes on beside this, and every later one finds the mark
mkdir -p -- "$directory/run"
exec 9>"$directory/run/lock"
flock -w 30 9 || fail "a start or stop of this node has been running for 30 s"
left=$(processes_in "$directory")
[ -z "$left" ] || [ "$force" = yes ] || fail "process $left of $directory lives"
printf '%s\n' "$text" >"$directory/holdfast.fenced.new"
sync -- "$directory/holdfast.fenced.new"
mv -f -- "$directory/holdfast.fenced.new" "$directory/holdfast.fenced"
tries=100
while [ -n "$left" ]; do
  [ $tries -gt 0 ] || fail "process $left outlives SIGKILL"
  # shellcheck disable=SC2086 # several processes
  kill -KILL $left 2>/dev/null || true
  tries=$((tries - 1)); sleep 0.1
  left=$(processes_in "$directory")
done
must_be_stopped "$directory/run/pid" "$directory"
tries=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $tries -gt 0 ] || fail "something listens on $address:$port, and no process of $directory is found: end it, then try again"
  tries=$((tries - 1)); sleep 0.1
done
# a start by hand, by its configuration, would bring the old set back; holdfast rejoin writes the file again
[ ! -f "$directory/mongod.conf" ] || mv -f -- "$directory/mongod.conf" "$directory/mongod.conf.fenced"
