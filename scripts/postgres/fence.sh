# Fences a server: nothing that works in its folder lives on, and it is not started again until it rejoins. It fails unless it
# sees that nothing is left: no process, nothing that uses the server's shared memory, nothing that listens where it did.
# directory, mark (one line that tells why; kept in the file fence), address, port
data=$directory/data
pidfile=$data/postmaster.pid
there "$directory"
fenced "$mark"

# every child works in the data folder, and each is a process group and a session of its own
end_all() {
  round=0
  while :; do
    left=$(processes_in "$directory" postgres)
    [ -n "$left" ] || break
    # shellcheck disable=SC2086 # several processes
    kill -KILL $left 2>/dev/null || true
    round=$((round + 1))
    [ "$round" -lt 300 ] || fail "processes in $data do not end: $left"
    sleep 0.01
  done
}
end_all
# a start that was under way when the mark was written may come to its server only now
alone 40
end_all
must_be_stopped "$pidfile" "$directory"
round=0
while listening=$(listening); port_taken "$address" "$port"; do
  round=$((round + 1))
  [ "$round" -lt 50 ] || fail "something listens on $address:$port, and no process of $directory is found: end it, then try again"
  sleep 0.1
done
start_read_only "$data"
