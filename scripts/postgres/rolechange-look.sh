# Reports the facts for a role-change decision, of the members and proxies of one host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, server|proxy|pooler, address, port
# ends: whether to read the end of WAL of stopped standbys (yes|no)
# mark: first word of the mark in a node's directory (the estate's name); binaries: directory of the server programs, or empty
# Answers, fields separated by a tab; node, user, programs, data, control, file, route, database and link as in the other look scripts,
# and
#   left ID PIDS            processes that still work in the directory of a server without postmaster
#   fence ID TEXT           why it must not be started
#   rewind ID TEXT          a rewind was started there and has not finished
#   rewound ID NAME         the last finished rewind
#   history ID LINE         the last line of its history of primaries and synchronous standbys
#   took ID LINE            the last line about a failover
#   unread ID NAME REASON   the rows for that directory below kept/ could not be exported
#   kept ID NAME            the newest directory of preserved data
#   rows ID ROWS COMMITS    number of rows and commits preserved in that directory
#   port ID PORT            the port of a running server
#   needs ID NAME=NUMBER... the settings that the WAL of a running standby needs, as far as it has replayed
#   override ID LINE        the setting of ALTER SYSTEM for the synchronous standbys
#   written ID SECONDS      modification time of role.conf of a running primary
#   changed ID NAME         that file, which can change the synchronous standbys, is newer than the history
user=$(server_user postgres)
printf 'user\t%s\n' "$user"

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
  printf 'node\t%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$process" "$pid" "$ground" "$taken" "$unseen"
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
  show_changed "$1" "$here"
  kept=
  for folder in "$here"/kept/*; do
    case $folder in *.new | *'/*') ;; *) kept=${folder##*/} ;; esac
  done
  [ -z "$kept" ] || printf 'kept\t%s\t%s\n' "$1" "$kept"
  [ -z "$kept" ] || show_line rows "$1" "$here/kept/$kept/count"
  [ -f "$data/PG_VERSION" ] || return 0
  read -r major <"$data/PG_VERSION"
  folder=$binaries
  [ -n "$folder" ] || folder=/usr/lib/postgresql/$major/bin
  [ -x "$folder/postgres" ] || folder=$(dirname -- "$(command -v postgres || echo /)")
  printf 'programs\t%s\t%s\t%s\n' "$major" "$major" "$folder"
  [ "$process" != up ] || show_port "$1" "$data"
  part_of "$data"
  printf 'data\t%s\t%s\t%s\n' "$1" "$major" "$part"
  if [ "$process$part" = upstandby ]; then
    "$folder/pg_controldata" "$data" 2>/dev/null | ID=$1 awk '
      $2 == "setting:" && /^max_/ {sub(/xact/, "transaction", $1); needs = needs " " $1 "=" $3}
      END {if (needs != "") print "needs\t" ENVIRON["ID"] "\t" needs}'
  fi
  if [ "$process$part" = upprimary ] && [ -f "$here/conf/role.conf" ]; then
    printf 'written\t%s\t%s\n' "$1" "$(stat -c %.6Y -- "$here/conf/role.conf")"
  fi
  [ "$process" = down ] || return 0
  if [ "$attached" -gt 0 ]; then
    left=$(processes_in "$here" 2>/dev/null | tr '\n' ' ') || true
    printf 'left\t%s\t%s\n' "$1" "${left:-$attached that are not visible}"
  fi
  [ "$part$ends" != standbyyes ] || show_end "$1"
  [ "$part" != primary ] || show_wal_timeline "$1" "$data"
  "$folder/pg_controldata" "$data" 2>/dev/null | ID=$1 DATA=$data awk -F': +' -v OFS="$tab" '
    BEGIN {
      key["Database system identifier"] = "system_identifier"; key["Database cluster state"] = "state"
      key["Latest checkpoint location"] = "checkpoint_lsn"; key["Latest checkpoint'"'"'s TimeLineID"] = "timeline"
      key["Minimum recovery ending location"] = "recovery_lsn"; key["Min recovery ending loc'"'"'s timeline"] = "recovery_timeline"
    }
    $1 in key {print "control", ENVIRON["ID"], key[$1], $2}
    $1 in key && key[$1] ~ /timeline/ && $2 > newest {newest = $2}
    END { # the timelines before its newest one
      file = sprintf("%s/pg_wal/%08X.history", ENVIRON["DATA"], newest)
      while ((getline line <file) > 0) if (split(line, f, /[ \t]+/) > 1 && f[1] ~ /^[0-9]+$/) past = past (past == "" ? "" : ",") f[1] " " f[2]
      if (past != "") print "control", ENVIRON["ID"], "history", past
    }'
}

show_end() { # ID: its WAL may continue beyond the end in its control file
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

while IFS="$tab" read -r id directory kind address port; do
  case $kind in
    server) show_node "$id" "$directory" "$directory/data/postmaster.pid"; show_server "$id" "$directory" ;;
    proxy) show_node "$id" "$directory" "$directory/run/haproxy.pid"; show_proxy "$id" "$directory" ;;
    pooler) show_node "$id" "$directory" "$directory/run/pgbouncer.pid"; show_pgbouncer "$id" "$directory" ;;
  esac
done <<END
$nodes
END
