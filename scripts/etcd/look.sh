# Reports the etcd servers of a host; changes nothing.
# nodes: one line per server, fields separated by a tab: id, directory
# Records:
#   inputs id text               the inputs of the present configuration
#   edited id                    the configuration was changed manually
#   stale id                     the configuration is newer than the process
#   closed id folder             etcd's user has no access to that directory
#   born id                      a data directory with a member exists
#   status id version leader member size   a running server: leader and member are their numbers, leader 0: there is none; size in bytes
#   silent id reason             a running server gives no answer
begin_records etcd/look
while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  conf=$directory/conf/etcd.conf
  second=
  { read -r first && read -r second; } 2>/dev/null <"$conf" || true
  inputs=${second#\# }
  [ "$inputs" = "$second" ] || record inputs id "$id" text "$inputs"
  [ ! -d "$directory/conf" ] || cmp -s -- "$conf" "$directory/conf/etcd.conf.written" || record edited id "$id"
  [ ! -e "$directory/data/member" ] || record born id "$id"
  first_line "$directory/run/etcd.pid"
  if ! alive "$first" "$directory"; then
    step=$directory user=$(id -un)
    [ "$user" != root ] || ! id etcd >/dev/null 2>&1 || user=etcd
    while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
    as "$user" test -x "$step" || record closed id "$id" folder "$step"
    continue
  fi
  [ ! "$conf" -nt "$directory/run/etcd.pid" ] || record stale id "$id"
  url=$(sed -n "s/^advertise-client-urls: '\(.*\)'$/\1/p" "$conf")
  if said=$(etcd_client "$url" endpoint status --write-out=json 2>&1); then
    number() { printf '%s' "$said" | grep -o "\"$1\":[0-9]*" | head -n 1 | grep -o '[0-9]*$' || echo 0; }
    version=$(printf '%s' "$said" | sed -n 's/.*"version":"\([^"]*\)".*/\1/p')
    record status id "$id" version "$version" leader "$(number leader)" member "$(number member_id)" size "$(number dbSize)"
  else record silent id "$id" reason "$(printf '%s\n' "$said" | tail -n 1)"
  fi
done <<END
$nodes
END
end_records
