# Reports the proxies of a host; changes nothing.
# nodes: one line per proxy, fields separated by a tab: id, directory
# Answers, fields separated by a tab:
#   inputs ID TEXT               the inputs of the present configuration
#   edited ID                    the configuration was changed manually
#   stale ID                     the configuration is newer than the process
#   version VERSION              of the running process, or otherwise of the installed program
#   route ID BACKEND SERVER STATE   STATE is ready or closed
#   silent ID                    the runtime socket does not answer
#   closed ID FOLDER             HAProxy's user has no access to that directory
show_version() { # of the program, which takes its time to load
  command -v haproxy >/dev/null || return 0
  version=$(haproxy -v)
  version=${version#HAProxy version }
  printf 'version\t%s\n' "${version%%[!0-9.]*}"
}
while IFS="$tab" read -r id directory; do
  pid=
  { read -r pid <"$directory/run/haproxy.pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then up=yes
  else
    up=no step=$directory user=$(id -un)
    [ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
    while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
    as "$user" test -x "$step" || printf 'closed\t%s\t%s\n' "$id" "$step"
  fi
  cfg=$directory/conf/haproxy.cfg
  second=
  { read -r first && read -r second; } 2>/dev/null <"$cfg" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || printf 'inputs\t%s\t%s\n' "$id" "$inputs"
  [ ! -d "$directory/conf" ] || cmp -s -- "$cfg" "$directory/conf/haproxy.cfg.written" || printf 'edited\t%s\n' "$id"
  [ $up = yes ] || { show_version; continue; }
  [ ! "$cfg" -nt "$directory/run/haproxy.pid" ] || printf 'stale\t%s\n' "$id"
  show_routes "$id" "$directory/run/haproxy.sock" 2 || { printf 'silent\t%s\n' "$id"; show_version; }
done <<END
$nodes
END
