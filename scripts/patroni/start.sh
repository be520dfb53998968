# Starts the Patroni of a member, which starts its server. A running one reads its configuration again.
# directory
user=$(server_user postgres)
alone 60
[ ! -e "$directory/fence" ] || fail "the member is fenced and not started: $(cat -- "$directory/fence")"
if patroni_alive "$directory"; then
  kill -HUP "$pid"
  as "$user" touch -- "$directory/run/patroni.loaded"
  exit 0
fi
reaped "$directory"
unset PGOPTIONS # a server does not keep it
as "$user" sh -c 'log=$1/log/patroni.log; [ ! -L "$log" ] || rm -f -- "$log"; touch "$1/run/patroni.loaded"; rm -f -- "$1/run/patroni.pid"
  umask 077
  setsid /usr/bin/python3 "$2" "$1/conf" >>"$log" 2>&1 &
  echo $! >"$1/run/patroni.pid"' sh "$directory" "$(command -v patroni)" </dev/null >/dev/null 2>&1 9>&-
tries=20 # a wrong configuration ends it at once
while [ "$tries" -gt 0 ]; do
  tries=$((tries - 1))
  sleep 0.1
  patroni_alive "$directory" || fail "Patroni did not start: $(as "$user" tail -n 2 "$directory/log/patroni.log")"
done
