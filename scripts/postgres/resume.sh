# Takes a handover back: a primary that was to stop, or has, may be started again; one that is half stopped is ended.
# directory
data=$directory/data
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ -f "$directory/fence" ] && [ "$process" = up ]; then
  kill -QUIT "$pid" 2>/dev/null || true
  for try in $(seq 1 120); do
    alive "$pid" "$directory" || break
    sleep 0.05
  done
  ! alive "$pid" "$directory" || fail "the server does not end, not even at once"
fi
! is_read_only "$data" || rm -f -- "$data/standby.signal"
rm -f -- "$directory/fence"
