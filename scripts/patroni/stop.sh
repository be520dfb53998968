# Stops a member's Patroni, which stops its server first.
# directory, seconds (time limit)
alone 60
patroni_alive "$directory" || exit 0
kill -TERM "$pid"
tries=$((seconds * 10))
while patroni_alive "$directory"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "Patroni did not stop within $seconds s"
  sleep 0.1
done
