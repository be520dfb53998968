# Starts a standalone mongod on a member's data for Holdfast; only logins with the key file succeed.
# directory, mark, program, address, port, conf; patience: the time limit in seconds
# touch: yes records that the data no longer equals the unpacked backup
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
claim_directory
able "$program"
umask 077
node_lock "$patience"
look_at "$directory/run/pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then echo "$pid"; exit 0; fi
if [ "$touch" = yes ]; then
  IFS=' ' read -r state order <"$directory/holdfast.restore"
  [ "$state" = unpacked ] || fail "the data was changed after unpacking: $state"
  record_restore touched "$order"
fi
give_folders
put_private "$directory/restore.conf" "$conf"
left=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $left -gt 0 ] || fail "port $port of $address is used by another process"
  left=$((left - 1)); sleep 0.1
done
socket=$directory/run/mongodb-$port.sock
rm -f -- "$socket"
log=$directory/log/restore.log
logged=$(stat -c %s -- "$log" 2>/dev/null || echo 0)
printf '%s\n' "$logged" >"$directory/.logged"
ulimit -n "$(ulimit -Hn)"
launched "$log.out" "$program" "$directory/restore.conf"
left=$((patience * 20))
while [ ! -S "$socket" ]; do
  { read -r stat <"/proc/$pid/stat"; } 2>/dev/null || stat=') Z'
  case ${stat##*) } in Z* | X*)
    fail "$program ended: $(output_of "$log" "$logged" |
      grep -E '"s":"[FE]"' | tail -n 1 | sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-600)" ;;
  esac
  [ $left -gt 0 ] || fail "$program does not listen after $patience s"
  left=$((left - 1)); sleep 0.05
done
echo "$pid"
