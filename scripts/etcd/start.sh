# Starts an etcd server; replaces a running process.
# directory
user=$(stat -c %U "$directory/run")
alone 30
old=$(head -n 1 "$directory/run/etcd.pid" 2>/dev/null || true)
if alive "$old" "$directory"; then
  kill -TERM "$old" 2>/dev/null || true
  tries=100
  while alive "$old" "$directory"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || fail "process $old of $directory does not exit"
    [ "$tries" -ne 30 ] || kill -KILL "$old" 2>/dev/null || true
    sleep 0.1
  done
fi
as "$user" sh -c 'log=$1/log/etcd.log; [ ! -L "$log" ] || rm -f -- "$log"; rm -f -- "$1/run/etcd.pid"
  setsid etcd --config-file="$1/conf/etcd.conf" >>"$log" 2>&1 &
  echo $! >"$1/run/etcd.pid"' sh "$directory" </dev/null >/dev/null 2>&1 9>&-
tries=20 # a wrong configuration ends it at once
while [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.1
  pid=$(head -n 1 "$directory/run/etcd.pid")
  alive "$pid" "$directory" || fail "etcd did not start: $(as "$user" tail -n 2 "$directory/log/etcd.log")"
done
