# Starts a standalone mongod on a member's data for Holdfast; only logins with the key file succeed.
# directory, mark, program, address, port, conf; patience: the time limit in seconds
# touch: yes records that the data no longer equals the unpacked backup
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
umask 077
exec 9>"$directory/run/lock"
flock -w "$patience" 9 || fail "another start or stop of this node has been running for $patience s"
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then echo "$pid"; exit 0; fi
if [ "$touch" = yes ]; then
  IFS=' ' read -r state order <"$directory/holdfast.restore"
  [ "$state" = unpacked ] || fail "the data was changed after unpacking: $state"
  printf 'touched %s\n' "$order" >"$directory/holdfast.restore"
fi
printf '%s\n' "$conf" >"$directory/restore.conf"
left=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $left -gt 0 ] || fail "port $port of $address is used by another process"
  left=$((left - 1)); sleep 0.1
done
socket=$directory/run/mongodb-$port.sock
rm -f -- "$socket"
log=$directory/log/restore.log
stat -c %s -- "$log" 2>/dev/null >"$directory/run/logged" || echo 0 >"$directory/run/logged"
ulimit -n "$(ulimit -Hn)"
setsid sh -c 'echo $$ >"$1.new"; mv -f "$1.new" "$1"; shift; exec "$@"' start \
  "$directory/run/pid" "$program" -f "$directory/restore.conf" </dev/null >"$log.out" 2>&1 9>&- &
pid=$!
left=$((patience * 20))
while [ ! -S "$socket" ]; do
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || stat=') Z'
  case ${stat##*) } in Z* | X*)
    fail "$program ended: $({ cat -- "$log.out"; tail -c "+$(($(cat -- "$directory/run/logged") + 1))" "$log" 2>/dev/null; } |
      grep -E '"s":"[FE]"' | tail -n 1 | sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-600)" ;;
  esac
  [ $left -gt 0 ] || fail "$program does not listen after $patience s"
  left=$((left - 1)); sleep 0.05
done
echo "$pid"
