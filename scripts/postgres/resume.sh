# Takes a handover back: a primary that was to stop, or has, may be started again; one that is half stopped is ended.
# directory
data=$directory/data
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
if [ -f "$directory/fence" ] && alive "$pid" "$directory"; then
  kill -QUIT "$pid" 2>/dev/null || true
  for try in $(seq 1 120); do
    alive "$pid" "$directory" || break
    sleep 0.05
  done
  ! alive "$pid" "$directory" || fail "the server does not end, not even at once"
fi
rm -f -- "$directory/fence"
