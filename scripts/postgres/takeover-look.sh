# The few facts that a change of roles is decided by, of the members and proxies of one host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, server|proxy|pooler
# ends: whether to read where the logs of stopped standbys end (yes|no)
# mark: first word of the mark in a node's directory (the estate's name); binaries: folder of the server programs, or empty
# Answers, fields separated by a tab; node, user, programs, data, control, file, route, database and link as in the other looks, and
#   left ID PIDS            processes that still work in the folder of a server whose first process is gone
#   fence ID TEXT           why it must not be started
#   rewind ID TEXT          a rewind was begun there and has not ended
#   rewound ID NAME         the last rewind that ended there
#   history ID LINE         the last line of its record of who was in sync and who was primary
#   took ID LINE            the last line there that tells of a failover
#   unread ID NAME          the rows in that folder below kept/ could not be written out
#   kept ID NAME            the newest folder of what was kept aside there
#   override ID LINE        what ALTER SYSTEM has set for whom commits wait for
user=$(server_user postgres)
printf 'user\t%s\n' "$user"

show_node() { # ID DIRECTORY PIDFILE
  pid=
  { read -r pid <"$3"; } 2>/dev/null || true
  if alive "$pid" "$2"; then process=up; else process=down; fi
  ground=absent
  if [ -f "$2/holdfast.node" ]; then
    said=
    read -r said <"$2/holdfast.node" || true
    if [ "$said" = "$mark $1" ]; then ground=ours; else ground=foreign; fi
  fi
  printf 'node\t%s\t%s\t%s\t%s\t%s\n' "$1" "$process" "$pid" "$ground" "$([ $process = up ] && echo taken || echo free)"
}

show_line() { # KIND ID FILE
  [ ! -s "$3" ] || printf '%s\t%s\t%s\n' "$1" "$2" "$(tail -n 1 -- "$3")"
}

show_files() { # ID FILE...: the ends of its record, the part that it has, what ALTER SYSTEM has set
  id=$1; shift
  ID=$id awk '
    FILENAME ~ /\/history$/ {last = $0; if (/\tfailover/) took = $0; next}
    FILENAME ~ /\/role\.conf$/ {if (/^[^#]/) print "file\t" ENVIRON["ID"] "\trole.conf\t" $0; next}
    /^synchronous_standby_names/ {override = $0}
    END {
      if (last != "") print "history\t" ENVIRON["ID"] "\t" last
      if (took != "") print "took\t" ENVIRON["ID"] "\t" took
      if (override != "") print "override\t" ENVIRON["ID"] "\t" override
    }' "$@"
}

show_server() { # ID DIRECTORY
  data=$2/data
  show_line fence "$1" "$2/fence"
  show_line rewind "$1" "$2/rewind"
  show_line rewound "$1" "$2/rewound"
  show_line unread "$1" "$2/unread"
  here=$2
  set -- "$1"
  for file in "$here/history" "$here/conf/role.conf" "$data/postgresql.auto.conf"; do [ ! -s "$file" ] || set -- "$@" "$file"; done
  [ $# = 1 ] || show_files "$@"
  kept=
  for folder in "$here"/kept/*; do
    case $folder in *.new | *'/*') ;; *) kept=${folder##*/} ;; esac
  done
  [ -z "$kept" ] || printf 'kept\t%s\t%s\n' "$1" "$kept"
  [ -f "$data/PG_VERSION" ] || return 0
  read -r major <"$data/PG_VERSION"
  folder=$binaries
  [ -n "$folder" ] || folder=/usr/lib/postgresql/$major/bin
  [ -x "$folder/postgres" ] || folder=$(dirname -- "$(command -v postgres || echo /)")
  printf 'programs\t%s\t%s\t%s\n' "$major" "$major" "$folder"
  part=primary
  [ ! -f "$data/recovery.signal" ] || part=recovery
  [ ! -f "$data/standby.signal" ] || part=standby
  printf 'data\t%s\t%s\t%s\n' "$1" "$major" "$part"
  [ "$process" = down ] || return 0
  left=$(find /proc/[0-9]*/cwd -maxdepth 0 -printf '%h\t%l\n' 2>/dev/null | FOLDER=$data awk -F'\t' '$2 == ENVIRON["FOLDER"] {sub("/proc/", "", $1); printf "%s ", $1}')
  [ -z "$left" ] || printf 'left\t%s\t%s\n' "$1" "$left"
  [ $part$ends != standbyyes ] || show_end "$1"
  "$folder/pg_controldata" "$data" 2>/dev/null | ID=$1 awk -F': +' -v OFS="$tab" '
    BEGIN {
      key["Database system identifier"] = "system_identifier"; key["Database cluster state"] = "state"
      key["Latest checkpoint location"] = "checkpoint_lsn"; key["Latest checkpoint'"'"'s TimeLineID"] = "timeline"
      key["Minimum recovery ending location"] = "recovery_lsn"; key["Min recovery ending loc'"'"'s timeline"] = "recovery_timeline"
    }
    $1 in key {print "control", ENVIRON["ID"], key[$1], $2}'
}

show_end() { # ID: its log may go on beyond what its control file knows
  ended=$(log_end "$folder" "$data")
  [ -z "$ended" ] || printf 'control\t%s\tlog_end\t%s\n' "$1" "$ended"
}

show_proxy() { # ID DIRECTORY
  [ "$process" = up ] || return 0
  show_routes "$1" "$2/run/haproxy.sock" 1 || printf 'silent\t%s\n' "$1"
}

show_pgbouncer() { # ID DIRECTORY
  [ "$process" = up ] || return 0
  show_pooler "$1" "$2" 3 || printf 'silent\t%s\n' "$1"
}

while IFS="$tab" read -r id directory kind; do
  case $kind in
    server) show_node "$id" "$directory" "$directory/data/postmaster.pid"; show_server "$id" "$directory" ;;
    proxy) show_node "$id" "$directory" "$directory/run/haproxy.pid"; show_proxy "$id" "$directory" ;;
    pooler) show_node "$id" "$directory" "$directory/run/pgbouncer.pid"; show_pgbouncer "$id" "$directory" ;;
  esac
done <<END
$nodes
END
