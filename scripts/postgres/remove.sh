# Ends every process of a node and removes its folder, if the folder is ours.
# directory, mark, top (the folder of the estate; empty folders below it go too)
[ -e "$directory" ] || exit 0
[ "$(cat -- "$directory/holdfast.node" 2>/dev/null || true)" = "$mark" ] || fail "$directory is not marked as $mark"
exec 9>>"$directory/.lock"

# a server's children all work in its data folder, and each is a process group of its own
inside() {
  find /proc/[0-9]*/exe -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null |
    sed -nE 's/^(\S+)\t.*\/(postgres|initdb|pg_ctl|pg_basebackup|pg_rewind|haproxy|pgbouncer|pgbackrest)( \(deleted\))?$/\1/p' |
    while read -r proc; do
      where=$(readlink "$proc/cwd" 2>/dev/null) || continue
      [ "$where" = "$directory/data" ] || tr '\0' ' ' <"$proc/cmdline" 2>/dev/null | grep -qF -- "$directory/" || continue
      case "$(sed 's/.*) \(.\).*/\1/' "$proc/stat" 2>/dev/null)" in Z|X|'') continue ;; esac
      echo "${proc#/proc/}"
    done
}
pid=$(head -n 1 "$directory/data/postmaster.pid" 2>/dev/null || true)
if alive "$pid" "$directory"; then kill -QUIT "$pid" 2>/dev/null || true; fi
for file in haproxy pgbouncer pgbackrest; do
  pid=$(head -n 1 "$directory/run/$file.pid" 2>/dev/null || true)
  if alive "$pid" "$directory"; then kill -TERM "$pid" 2>/dev/null || true; fi
done
for round in 1 2 3 4 5 6 7 8 9 10; do
  left=$(inside)
  [ -n "$left" ] || break
  [ "$round" -lt 4 ] || kill -KILL $left 2>/dev/null || true
  sleep 0.1
done
[ -z "$(inside)" ] || fail "processes in $directory do not end: $(inside | tr '\n' ' ')"
flock -w 30 9 || fail "another script is still at work in $directory"
rm -rf -- "$directory"
parent=$(dirname -- "$directory")
while [ "${parent#"$top"/}" != "$parent" ] && rmdir -- "$parent" 2>/dev/null; do parent=$(dirname -- "$parent"); done
