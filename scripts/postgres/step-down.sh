# Stops and fences a primary for a switchover, until the switchover is done or reverted.
# directory, mark (one line with the reason, for the file fence), seconds (how long the stop may take)
data=$directory/data
alone 5
fenced "$mark"
look_at "$data/postmaster.pid" "$directory"
if [ "$process" = up ]; then
  kill -INT "$pid"
  tries=$((seconds * 50))
  while alive "$pid" "$directory"; do
    [ "$tries" -gt 0 ] || fail "the server did not stop within $seconds s"
    tries=$((tries - 1))
    sleep 0.015
  done
fi
service_end "$directory" # it may wait for the other members
must_be_stopped "$data/postmaster.pid" "$directory"
start_read_only "$data"
