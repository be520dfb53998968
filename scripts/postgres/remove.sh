# Stops every process of a node and removes its directory, if it has the mark; it fails while a process is left.
# directory, mark, top (the directory of the estate; empty directories below it are removed too)
[ -e "$directory" ] || exit 0
[ "$(cat -- "$directory/holdfast.node" 2>/dev/null || true)" = "$mark" ] || fail "$directory is not marked as $mark"
exec 9>>"$directory/.lock"

service_stop "$directory" 5
# Patroni first: it would start the server again
pid=$(head -n 1 "$directory/run/patroni.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then kill -KILL "$pid" 2>/dev/null || true; fi
pid=$(head -n 1 "$directory/data/postmaster.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then kill -QUIT "$pid" 2>/dev/null || true; fi
for file in haproxy pgbouncer pgbackrest etcd; do
  pid=$(head -n 1 "$directory/run/$file.pid" 2>/dev/null || true)
  if alive "$pid" "$directory"; then kill -TERM "$pid" 2>/dev/null || true; fi
done
# all children of a server work in its data directory, and each has its own process group
for round in 1 2 3 4 5 6 7 8 9 10; do
  left=$(processes_in "$directory")
  [ -n "$left" ] || break
  # shellcheck disable=SC2086 # several processes
  [ "$round" -lt 4 ] || kill -KILL $left 2>/dev/null || true
  sleep 0.1
done
left=$(processes_in "$directory")
[ -z "$left" ] || fail "processes in $directory do not exit: $(printf '%s\n' "$left" | tr '\n' ' ')"
must_be_stopped "$directory/data/postmaster.pid" "$directory"
flock -w 30 9 || fail "another script still works in $directory"
service_forget "$directory"
rm -rf -- "$directory"
parent=$(dirname -- "$directory")
while [ "${parent#"$top"/}" != "$parent" ] && rmdir -- "$parent" 2>/dev/null; do parent=$(dirname -- "$parent"); done
