# Fences a server: stops every process in its directory and prevents a start until it rejoins. It fails while a process is left, while
# the server's shared memory is in use, or while a process listens on its port.
# directory, mark (one line with the reason, for the file fence), address, port
data=$directory/data
pidfile=$data/postmaster.pid
there "$directory"
fenced "$mark"

# every child works in the data directory, and each has its own process group and session
end_all() {
  round=0
  while :; do
    left=$(processes_in "$directory" postgres)
    [ -n "$left" ] || break
    # shellcheck disable=SC2086 # several processes
    kill -KILL $left 2>/dev/null || true
    round=$((round + 1))
    [ "$round" -lt 300 ] || fail "processes in $data do not exit: $left"
    sleep 0.01
  done
}
service_end "$directory"
end_all
# a start that was in progress when the mark was written may create its server only now
alone 40
end_all
must_be_stopped "$pidfile" "$directory"
round=0
while listening=$(listening); port_taken "$address" "$port"; do
  round=$((round + 1))
  [ "$round" -lt 50 ] || fail "another process listens on $address:$port, and no process of $directory was found: stop it, then try again"
  sleep 0.1
done
start_read_only "$data"
