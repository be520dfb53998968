# Reverts the stop of a switchover: removes the fence of the primary; a primary that is still shutting down is ended.
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
  ! alive "$pid" "$directory" || fail "the server does not exit, not even by an immediate shutdown"
fi
! is_read_only "$data" || rm -f -- "$data/standby.signal"
rm -f -- "$directory/fence"
