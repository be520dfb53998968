# Starts one mongod or mongos in its own directory; a repeated run changes nothing.
# directory, mark, program, wait (answer: until it listens; life: until it has run for a moment), address, port
# keyfile, conf: the contents of two files; conf_name: mongod.conf or mongos.conf; log: the name of the server log
# restart: yes stops it first; patience: the time limit in seconds
# unfence: yes removes the fence of a member and starts it; no refuses
# service_unit and the other values of host/service-files.sh, where the host has services
#
# 1. Create the directory with the estate's mark; the server's user must be able to execute the program and to search the directory.
# 2. Take the node's lock, so that no second start runs in parallel.
# 3. If it is fenced: refuse, or remove the fence. If it runs and no restart is requested: done. Otherwise stop it.
#    Before the stop, the program must accept the new configuration.
# 4. Give data, log and run to the server's user. Write the key file and the configuration.
# 5. Wait until the port is free: the threads of a killed server keep it for a moment.
# 6. Start, through the server's systemd unit where one can be had; the process id is on disk before the program begins.
# 7. Wait. If it ends, report its own message; after a restart, start it again with the earlier configuration and program.
pause=0.05
pidfile=$directory/run/pid
socket=$directory/run/mongodb-$port.sock

claim_directory
able "$program"
own_files
umask 077
node_lock "$patience"

if [ -f "$directory/holdfast.fenced" ]; then
  [ "$unfence" = yes ] || fail "the member is fenced: $(cat -- "$directory/holdfast.fenced")"
  rm -f -- "$directory/holdfast.fenced" "$directory/mongod.conf.fenced"
fi

# over PID: the process has ended; for a zombie, when its last thread has ended
over() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  case ${stat##*) } in
    Z*|X*) set -- "/proc/$1/task/"*; [ $# -le 1 ] ;;
    *) return 1 ;;
  esac
}

# reason: the last errors since this start, from the server log or the program's output
reason() {
  all=$(output_of "$directory/log/$log" "$logged")
  printf '%s\n' "$all" |
    grep -E '"s":"[FE]"' | grep -v 'after fassert' | tail -n 3 | sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-400
  printf '%s\n' "$all" | grep -v '^{' | tail -n 3 | cut -c 1-600
}

# checked: verifies that the program accepts the new configuration; the program only reads it and ends
checked() {
  put_private "$directory/$conf_name.check" "$conf"
  code=0
  said=$(as "$account" timeout 30 "$program" -f "$directory/$conf_name.check" --outputConfig 2>&1 </dev/null) || code=$?
  rm -f -- "$directory/$conf_name.check"
  [ $code = 0 ] || fail "$program refuses the new configuration and still runs with the old one: $(
    printf '%s\n' "$said" | grep -E '^[^{]|"s":"[FE]"' | grep -v '^try ' | tail -n 1 |
      sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-600)"
}

earlier= former=$program
look_at "$pidfile" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  [ "$restart" = yes ] || { echo "$pid"; exit 0; }
  checked
  earlier=$(cat -- "$directory/$conf_name" 2>/dev/null || true)
  owner_of "$directory"
  running=$(as "$owner" readlink -- "/proc/$pid/exe" 2>/dev/null) && [ -x "$running" ] && former=$running
  kill -TERM "$pid"
  left=$((patience * 20))
  while ! over "$pid"; do
    [ $left -gt 0 ] || fail "process $pid did not end within $patience s of SIGTERM"
    left=$((left - 1)); sleep $pause
  done
fi

give_folders
put_private "$directory/keyfile" "$keyfile"
put_private "$directory/$conf_name" "$conf"

left=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $left -gt 0 ] || fail "port $port of $address is used by another process"
  left=$((left - 1)); sleep 0.1
done

[ -z "${service_unit:-}" ] || service_write "$directory"
ulimit -n "$(ulimit -Hn)"

# launch: starts the program; its process id is $pid
launch() {
  rm -f -- "$socket"
  logged=$(stat -c %s "$directory/log/$log" 2>/dev/null || echo 0)
  if service_of "$directory"; then
    path=$(command -v -- "$program") || fail "there is no program $program"
    service_program "$directory" "$path" "$directory/$conf_name$newline$socket$newline$directory/log/$log.out"
    rm -f -- "$pidfile" "$directory/log/$log.out"
    service_start || fail "systemd does not start $unit; systemctl status $unit shows why"
    pid=$(service_value MainPID)
    return 0
  fi
  launched "$directory/log/$log.out" "$program" "$directory/$conf_name"
}
launch

# ready: it listens; the socket exists before it has opened its data, which can fail
ready() {
  [ -S "$socket" ] || return 1
  [ "$wait" = answer ] || return 0
  listening=$(listening)
  port_taken "$address" "$port"
}

case $wait in answer) left=$((patience * 20)) ;; *) left=4 ;; esac
while ! ready; do
  if over "$pid"; then
    code=0
    if service_of "$directory"; then
      code=$(service_value ExecMainStatus)
      manager stop -- "$unit" || true # it would try again
    else
      wait "$pid" || code=$?
    fi
    why="$program ended with code $code: $(reason)"
    [ -n "$earlier" ] || fail "$why"
    put_private "$directory/$conf_name" "$earlier"
    program=$former
    launch
    fail "$why; the server runs again with its earlier configuration (process $pid)"
  fi
  if [ $left -le 0 ]; then
    [ "$wait" = life ] && break
    fail "$program (process $pid) does not listen after $patience s: $(reason)"
  fi
  left=$((left - 1)); sleep $pause
done
echo "$pid"
