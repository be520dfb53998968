# Reports the facts for a role-change decision, of the members and proxies of one host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, server|proxy|pooler, address, port
# ends: whether to read the end of WAL of stopped standbys (yes|no)
# mark: first word of the mark in a node's directory (the estate's name); binaries: directory of the server programs, or empty
# Records: node, user, programs, database, control, wal-timeline, wal-end, port, file, written, and those of show_routes and show_pooler,
# as in the other look scripts, and
#   silent id                     the runtime socket or console does not answer
#   preserved id rows commits     number of rows and commits in the newest directory of preserved data
#   unread id folder reason       the rows for that directory below kept/ could not be exported
#   written id seconds            modification time of role.conf of a running primary
#   mark id kind text             kind:
#     fence      why it must not be started
#     rewind     a rewind was started there and has not finished
#     rewound    the name of the last finished rewind
#     other-wal  why only a new copy of the primary can replace its data
#     history    the last line of its history of primaries and synchronous standbys
#     took       the last line about a failover
#     changed    that file, which can change the synchronous standbys, is newer than the history
#     override   the setting of ALTER SYSTEM for the synchronous standbys
#     kept       the newest directory of preserved data
#     moved      the same, when the complete data directory was moved there
#     left       the processes that still work in the directory of a server without postmaster
#     patroni    Patroni runs it, or did: its configuration is there
#     needs      the settings that the WAL of a running standby needs, as far as it has replayed: NAME=NUMBER...
begin_records postgres/rolechange-look
user=$(server_user postgres)
record user name "$user"

listening=
show_node() { # ID DIRECTORY PIDFILE
  look_at "$3" "$2"
  # for a server without postmaster, this is reported as left
  if [ "$process" = unknown ] && [ "$attached" -gt 0 ]; then process=down unseen=; fi
  taken=free
  case $process in
    up) taken=taken ;;
    down)
      # the resources of a killed server are released, and may have been read before
      [ -z "$ending" ] && [ -n "$listening" ] || listening=$(listening)
      if port_taken "$address" "$port"; then taken=taken; fi ;;
  esac
  ground=absent
  if [ -f "$2/holdfast.node" ]; then
    said=
    read -r said <"$2/holdfast.node" || true
    if [ "$said" = "$mark $1" ]; then ground=ours; else ground=foreign; fi
  fi
  record node id "$1" process "$process" pid "$pid" owner "$ground" port "$taken" reason "$unseen"
}

show_mark() { # ID KIND FILE
  [ -s "$3" ] || return 0
  last_line "$3"
  record mark id "$1" kind "$2" text "$last"
}

show_unread() { # ID FILE: the name of a directory and a reason, which a tab separates
  [ -s "$2" ] || return 0
  last_line "$2"
  case $last in *"$tab"*) reason=${last#*"$tab"} ;; *) reason= ;; esac
  record unread id "$1" folder "${last%%"$tab"*}" reason "$reason"
}

show_preserved() { # ID FILE: the numbers of rows and commits, which a tab separates
  last_line "$2"
  case $last in *"$tab"*) ;; *) return 0 ;; esac
  record preserved id "$1" rows "${last%%"$tab"*}" commits "${last#*"$tab"}"
}

show_files() { # ID FILE...: the ends of its record, the part that it has, what ALTER SYSTEM has set
  id=$1; shift
  lines=$(ID=$id awk "$awk_records"'
    function mark(kind, text) {if (text != "") record("mark", "id", ENVIRON["ID"], "kind", kind, "text", text)}
    FILENAME ~ /\/history$/ {last = $0; if (/\tfailover/) took = $0; next}
    FILENAME ~ /\/role\.conf$/ {if (/^[^#]/) record("file", "id", ENVIRON["ID"], "name", "role.conf", "line", $0); next}
    /^synchronous_standby_names/ {override = $0}
    END {
      mark("history", last)
      mark("took", took)
      mark("override", override)
    }' "$@")
  add_records "$lines"
}

show_server() { # ID DIRECTORY
  data=$2/data
  show_mark "$1" fence "$2/fence"
  show_mark "$1" rewind "$2/rewind"
  show_mark "$1" rewound "$2/rewound"
  show_mark "$1" other-wal "$2/other-wal"
  show_unread "$1" "$2/unread"
  here=$2
  set -- "$1"
  for file in "$here/history" "$here/conf/role.conf" "$data/postgresql.auto.conf"; do [ ! -s "$file" ] || set -- "$@" "$file"; done
  [ $# = 1 ] || show_files "$@"
  show_changed "$1" "$here"
  kept=
  for folder in "$here"/kept/*; do
    case $folder in *.new | *'/*') ;; *) kept=${folder##*/} ;; esac
  done
  [ -z "$kept" ] || record mark id "$1" kind kept text "$kept"
  [ -z "$kept" ] || [ ! -d "$here/kept/$kept/data" ] || record mark id "$1" kind moved text "$kept"
  [ -z "$kept" ] || show_preserved "$1" "$here/kept/$kept/count"
  [ -f "$data/PG_VERSION" ] || return 0
  read -r major <"$data/PG_VERSION"
  folder=$binaries
  [ -n "$folder" ] || folder=/usr/lib/postgresql/$major/bin
  [ -x "$folder/postgres" ] || folder=$(dirname -- "$(command -v postgres || echo /)")
  record programs major "$major" version "$major" folder "$folder"
  [ "$process" != up ] || show_port "$1" "$data"
  show_database "$1" "$data"
  if [ "$process$part" = upstandby ]; then
    needs=$("$folder/pg_controldata" "$data" 2>/dev/null | awk '
      $2 == "setting:" && /^max_/ {sub(/xact/, "transaction", $1); printf " %s=%s", $1, $3}')
    [ -z "$needs" ] || record mark id "$1" kind needs text "$needs"
  fi
  if [ "$process$part" = upprimary ] && [ -f "$here/conf/role.conf" ]; then
    record written id "$1" seconds "$(stat -c %.6Y -- "$here/conf/role.conf")"
  fi
  [ "$process" = down ] || return 0
  if [ "$attached" -gt 0 ]; then
    left=$(processes_in "$here" 2>/dev/null | tr '\n' ' ') || true
    record mark id "$1" kind left text "${left:-$attached that are not visible}"
  fi
  [ "$part$ends" != standbyyes ] || show_end "$1" "$folder" "$data"
  [ "$part" != primary ] || show_wal_timeline "$1" "$data"
  show_control "$1" "$folder" "$data"
}

show_proxy() { # ID DIRECTORY
  [ "$process" = up ] || return 0
  show_routes "$1" "$2/run/haproxy.sock" 1 || record silent id "$1"
}

show_pgbouncer() { # ID DIRECTORY
  [ "$process" = up ] || return 0
  show_pooler "$1" "$2" 3 || record silent id "$1"
}

while IFS="$tab" read -r id directory kind address port; do
  case $kind in
    server)
      show_node "$id" "$directory" "$directory/data/postmaster.pid"
      show_server "$id" "$directory"
      [ ! -f "$directory/conf/patroni.yml" ] || record mark id "$id" kind patroni text "$directory/conf/patroni.yml" ;;
    proxy) show_node "$id" "$directory" "$directory/run/haproxy.pid"; show_proxy "$id" "$directory" ;;
    pooler) show_node "$id" "$directory" "$directory/run/pgbouncer.pid"; show_pgbouncer "$id" "$directory" ;;
  esac
done <<END
$nodes
END
end_records
