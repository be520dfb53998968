# Starts one mongod or mongos in a directory of its own; repeats nothing that is done already.
# directory, mark, program, wait (answer: until it listens; life: until it has not died at once), address, port
# keyfile, conf: the contents of two files; conf_name: mongod.conf or mongos.conf; log: the log file's name
# restart: yes stops it first; patience: seconds to wait for it
# unfence: yes starts a member that was fenced, and takes the fence away; no refuses
#
# 1. Make the directory and mark it as ours.
# 2. Let no second start of the same node run beside this one.
# 3. If it is fenced: refuse, or take the fence away. If it runs and shall not be restarted: done. Otherwise stop it.
#    Before it is stopped, the program reads its new configuration and must find no fault in it.
# 4. Write the key file and the configuration.
# 5. Wait until the port is free: the threads of a killed server hold it for a moment.
# 6. Start; the process id is on disk before the program begins.
# 7. Wait; when it dies, tell why in its own words. One that was restarted is started with its earlier configuration again.
pause=0.05
pidfile=$directory/run/pid
socket=$directory/run/mongodb-$port.sock

mark_ours "$directory" "$mark"
chmod 700 -- "$directory"
umask 077
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
mkdir -p -- "$directory/data" "$directory/log" "$directory/run"

exec 9>"$directory/run/lock"
flock -w "$patience" 9 || fail "another start or stop of this node has been running for $patience s"

if [ -f "$directory/holdfast.fenced" ]; then
  [ "$unfence" = yes ] || fail "it is fenced: $(cat -- "$directory/holdfast.fenced")"
  rm -f -- "$directory/holdfast.fenced" "$directory/mongod.conf.fenced"
fi

# over PID: the process has ended; a zombie has when its last thread is gone
over() {
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 0
  case ${stat##*) } in
    Z*|X*) set -- "/proc/$1/task/"*; [ $# -le 1 ] ;;
    *) return 1 ;;
  esac
}

# reason: the last complaints since this start, in the log or, before there is one, in what the program printed
reason() {
  { cat -- "$directory/log/$log.out"; tail -c "+$((logged + 1))" "$directory/log/$log" 2>/dev/null; } |
    grep -E '"s":"[FE]"' | grep -v 'after fassert' | tail -n 3 | sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-400
  grep -v '^{' "$directory/log/$log.out" | tail -n 3 | cut -c 1-600
}

put() { # FILE CONTENT
  printf '%s\n' "$2" >"$1.new"
  chmod 600 "$1.new"
  mv -f -- "$1.new" "$1"
}

# checked: the program accepts the new configuration; it only reads it and ends
checked() {
  put "$directory/$conf_name.check" "$conf"
  code=0
  said=$(timeout 30 "$program" -f "$directory/$conf_name.check" --outputConfig 2>&1 </dev/null) || code=$?
  rm -f -- "$directory/$conf_name.check"
  [ $code = 0 ] || fail "$program refuses the new configuration, and goes on with the old one: $(
    printf '%s\n' "$said" | grep -E '^[^{]|"s":"[FE]"' | grep -v '^try ' | tail -n 1 |
      sed 's/^.*"msg":"//; s/","attr":/: /; s/}$//' | cut -c 1-600)"
}

earlier=
look_at "$pidfile" "$directory"
[ "$process" != unknown ] || fail "$unseen"
if [ "$process" = up ]; then
  [ "$restart" = yes ] || { echo "$pid"; exit 0; }
  checked
  earlier=$(cat -- "$directory/$conf_name" 2>/dev/null || true)
  kill -TERM "$pid"
  left=$((patience * 20))
  while ! over "$pid"; do
    [ $left -gt 0 ] || fail "process $pid did not end within $patience s of SIGTERM"
    left=$((left - 1)); sleep $pause
  done
fi

put "$directory/keyfile" "$keyfile"
put "$directory/$conf_name" "$conf"

left=100
while listening=$(listening); port_taken "$address" "$port"; do
  [ $left -gt 0 ] || fail "port $port of $address is taken by another process"
  left=$((left - 1)); sleep 0.1
done

ulimit -n "$(ulimit -Hn)"

# launch: starts the program; its process id is $pid
launch() {
  rm -f -- "$socket"
  logged=$(stat -c %s "$directory/log/$log" 2>/dev/null || echo 0)
  setsid sh -c 'echo $$ >"$1.new"; mv -f "$1.new" "$1"; shift; exec "$@"' start \
    "$pidfile" "$program" -f "$directory/$conf_name" </dev/null >"$directory/log/$log.out" 2>&1 9>&- &
  pid=$!
}
launch

# ready: it listens; its socket is there before it has opened its data, which may fail
ready() {
  [ -S "$socket" ] || return 1
  [ "$wait" = answer ] || return 0
  listening=$(listening)
  port_taken "$address" "$port"
}

case $wait in answer) left=$((patience * 20)) ;; *) left=4 ;; esac
while ! ready; do
  if over "$pid"; then
    code=0; wait "$pid" || code=$?
    why="$program ended with code $code: $(reason)"
    [ -n "$earlier" ] || fail "$why"
    put "$directory/$conf_name" "$earlier"
    launch
    fail "$why; it is started again with its earlier configuration (process $pid)"
  fi
  if [ $left -le 0 ]; then
    [ "$wait" = life ] && break
    fail "$program (process $pid) does not listen after $patience s: $(reason)"
  fi
  left=$((left - 1)); sleep $pause
done
echo "$pid"
