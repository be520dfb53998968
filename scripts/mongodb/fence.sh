# Ends a member and blocks its start until it rejoins. It fails unless it proves that nothing is left: no process, no lock on
# its data, no listener on its port.
# directory, mark: the expected mark of the directory; text: the reason of the fence, one line; address, port
# force: yes ends a running process with SIGKILL; no fails instead
[ -f "$directory/holdfast.node" ] || fail "$directory does not exist"
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"

# no start runs in parallel, and every later start finds the fence
node_lock 30
left=$(processes_in "$directory")
[ -z "$left" ] || [ "$force" = yes ] || fail "process $left of $directory runs"
printf '%s\n' "$text" >"$directory/holdfast.fenced.new"
sync -- "$directory/holdfast.fenced.new"
mv -f -- "$directory/holdfast.fenced.new" "$directory/holdfast.fenced"
service_end "$directory"
left=$(processes_in "$directory")
tries=100
while [ -n "$left" ]; do
  [ $tries -gt 0 ] || fail "process $left did not end after SIGKILL"
  # shellcheck disable=SC2086 # several processes
  kill -KILL $left 2>/dev/null || true
  tries=$((tries - 1)); sleep 0.1
  left=$(processes_in "$directory")
done
must_be_stopped "$directory/run/pid" "$directory"
tries=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $tries -gt 0 ] || fail "another process listens on $address:$port, and no process of $directory is found: end that process, then try again"
  tries=$((tries - 1)); sleep 0.1
done
# a manual start with this configuration would start the old set; holdfast rejoin writes the file again
[ ! -f "$directory/mongod.conf" ] || mv -f -- "$directory/mongod.conf" "$directory/mongod.conf.fenced"
