# Starts a pgBackRest server and waits until it listens; a running server reloads its files, or is replaced when its address differs.
# directory, address, port
user=$(server_user postgres)
alone 30
file=$directory/run/pgbackrest.pid
log=$directory/log/server.log
pid=
{ read -r pid <"$file"; } 2>/dev/null || true
if alive "$pid" "$directory"; then
  listening=$(listening)
  if port_taken "$address" "$port"; then
    kill -HUP "$pid"
    as "$user" touch -- "$file"
    exit 0
  fi
  kill -TERM "$pid"
  for try in 1 2 3 4 5 6 7 8 9 10; do alive "$pid" "$directory" || break; sleep 0.3; done
fi
rm -f -- "$file"
as "$user" sh -c 'setsid pgbackrest --config="$1/conf/server.conf" server >"$1/log/server.log" 2>&1 </dev/null 9>&- &
  printf "%s\n" $! >"$1/run/pgbackrest.pid"' sh "$directory"
read -r pid <"$file"
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  as "$user" sh -c 'kill -0 "$1"' sh "$pid" 2>/dev/null || break # by its command line it is not known before it has become pgBackRest
  listening=$(listening)
  if port_taken "$address" "$port"; then exit 0; fi
  sleep 0.25
done
kill -TERM "$pid" 2>/dev/null || true
fail "pgbackrest server did not start: $(as "$user" tail -n 3 "$log")"
