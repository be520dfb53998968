# Ends the standalone mongod on a member's data, and records the progress of the restore.
# directory, mark; settle: seconds to wait first, so that its writes are in the journal
# how: KILL keeps the last checkpoint, TERM takes a new one; state: the state to record, or nothing
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
node_lock 60
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  sleep "$settle"
  kill -"$how" "$pid"
  left=12000
  while [ -d "/proc/$pid/task" ] && { alive "$pid" "$directory" || [ "$(ls "/proc/$pid/task" 2>/dev/null | wc -l)" -gt 1 ]; }; do
    [ $left -gt 0 ] || fail "process $pid did not end within 600 s"
    left=$((left - 1)); sleep 0.05
  done
  must_be_stopped "$directory/run/pid" "$directory" # by its lock, which also shows a process of another PID namespace
fi
[ -n "$state" ] || exit 0
IFS=' ' read -r before order <"$directory/holdfast.restore"
record_restore "$state" "$order"
