# Reports the proxies of a host; changes nothing.
# nodes: one line per proxy, fields separated by a tab: id, directory
# Records, and those of show_routes:
#   inputs id text               the inputs of the present configuration
#   edited id                    the configuration was changed manually
#   stale id                     the configuration is newer than the process
#   version version              of the running process, or otherwise of the installed program
#   silent id                    the runtime socket does not answer
#   closed id folder             HAProxy's user has no access to that directory
show_version() { # of the program, which takes its time to load
  command -v haproxy >/dev/null || return 0
  version=$(haproxy -v)
  version=${version#HAProxy version }
  record version version "${version%%[!0-9.]*}"
}
begin_records haproxy/look
while IFS="$tab" read -r id directory; do
  pid=
  { read -r pid <"$directory/run/haproxy.pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then up=yes
  else
    up=no step=$directory user=$(id -un)
    [ "$user" != root ] || ! id haproxy >/dev/null 2>&1 || user=haproxy
    while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
    as "$user" test -x "$step" || record closed id "$id" folder "$step"
  fi
  cfg=$directory/conf/haproxy.cfg
  second=
  { read -r first && read -r second; } 2>/dev/null <"$cfg" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || record inputs id "$id" text "$inputs"
  [ ! -d "$directory/conf" ] || cmp -s -- "$cfg" "$directory/conf/haproxy.cfg.written" || record edited id "$id"
  [ $up = yes ] || { show_version; continue; }
  [ ! "$cfg" -nt "$directory/run/haproxy.pid" ] || record stale id "$id"
  show_routes "$id" "$directory/run/haproxy.sock" 2 || { record silent id "$id"; show_version; }
done <<END
$nodes
END
end_records
