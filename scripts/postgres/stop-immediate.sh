# Ends a server whose shutdown does not complete, so that it can be started again; a server that accepts connections stays untouched.
# Its commits are in its WAL, from which it recovers.
# directory
pidfile=$directory/data/postmaster.pid
# its processes are found by program and data directory, independent of the pid file
postmaster=
left=$(processes_in "$directory" postgres)
for pid in $left; do
  words=$(words_of "$directory" "$pid")
  case $words in '' | 'postgres: '*) ;; *) postmaster=$pid; break ;; esac
done
[ -n "$left" ] || exit 0
if [ -n "$postmaster" ]; then
  if [ -f "$pidfile" ]; then
    case $(sed -n 8p "$pidfile" 2>/dev/null || true) in stopping*) ;; *) exit 0 ;; esac
  fi
  kill -QUIT "$postmaster" 2>/dev/null || true
fi
# without postmaster only backends are left, which work in the data directory
round=0
while left=$(processes_in "$directory" postgres) && [ -n "$left" ]; do
  # shellcheck disable=SC2086 # several processes
  [ -n "$postmaster" ] && [ "$round" -lt 100 ] || kill -KILL $left 2>/dev/null || true
  round=$((round + 1))
  [ "$round" -lt 200 ] || fail "the server does not exit, not even by an immediate shutdown"
  sleep 0.05
done
must_be_stopped "$pidfile" "$directory"
