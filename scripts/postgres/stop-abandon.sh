# Ends at once a server whose stop has begun and does not come to its end, so that it can be started again; a server that serves
# is left alone. What it has committed is in its log, and it recovers from there.
# directory
pidfile=$directory/data/postmaster.pid
# its processes are found by program and data folder: a lost pid file hides none, and a reused number is no server
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
# of a server without its first process only backends are left, and they hold the data folder
round=0
while left=$(processes_in "$directory" postgres) && [ -n "$left" ]; do
  # shellcheck disable=SC2086 # several processes
  [ -n "$postmaster" ] && [ "$round" -lt 100 ] || kill -KILL $left 2>/dev/null || true
  round=$((round + 1))
  [ "$round" -lt 200 ] || fail "the server does not end, not even at once"
  sleep 0.05
done
must_be_stopped "$pidfile" "$directory"
