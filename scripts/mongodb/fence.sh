# Makes sure that a member is gone and is not started again until it rejoins.
# directory, mark: what the directory's mark must say; text: why it is fenced, one line
# force: yes ends a process that is still there by SIGKILL; no fails on it
[ -f "$directory/holdfast.node" ] || fail "$directory is not there"
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"

# no start goes on beside this, and every later one finds the mark
mkdir -p -- "$directory/run"
exec 9>"$directory/run/lock"
flock -w 30 9 || fail "a start or stop of this node has been running for 30 s"
pid=$(cat -- "$directory/run/pid" 2>/dev/null || true)
if alive "$pid" "$directory" && [ "$force" != yes ]; then
  fail "process $pid of $directory lives"
fi
printf '%s\n' "$text" >"$directory/holdfast.fenced.new"
sync -- "$directory/holdfast.fenced.new"
mv -f -- "$directory/holdfast.fenced.new" "$directory/holdfast.fenced"
if alive "$pid" "$directory"; then
  kill -KILL "$pid"
  left=100
  while alive "$pid" "$directory"; do
    [ $left -gt 0 ] || fail "process $pid outlives SIGKILL"
    left=$((left - 1)); sleep 0.1
  done
fi
