# Reports the PostgreSQL nodes of a host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory
# binaries: directory of the server programs; empty: search for them
# Records:
#   user name                       the user of the servers
#   programs major version folder   one record per directory that has all programs
#   closed id folder                the servers' user has no access to that directory
#   database id major role          a complete database exists; role: primary, standby or recovery, in which it would start
#   port id port                    the port of a running server
#   program-file id running desired  a running server has another program file than the one that a start would take
#   odd id                          a data directory exists without a database
#   control, wal-timeline, wal-end  as show_control, show_wal_timeline and show_end, of a stopped server
#   file id name line               a line of the configuration, without comments and empty lines
#   written id seconds              modification time of the newest configuration file
#   mark id kind text               kind:
#     fence     why it must not be started
#     history   the last line of its history of primaries and synchronous standbys
#     took      the last line about a failover
#     changed   that file, which can change the synchronous standbys, is newer than the history
#     other-wal why only a new copy of the primary can replace its data
#     patroni   Patroni runs it, or did: its configuration is there
#     owner     the owner of its directory, where this script runs as root and the owner is another user
begin_records postgres/look
user=$(server_user postgres)
! is_root || me=$(id -un)
record user name "$user"

show_programs() { # FOLDER
  for program in postgres pg_ctl initdb pg_basebackup pg_controldata; do [ -x "$1/$program" ] || return 0; done
  version=$("$1/pg_controldata" --version) # the smallest of them; they are in one package
  version=${version#*) }
  version=${version%%[!0-9.]*}
  record programs major "${version%%.*}" version "$version" folder "$1"
  case $newline$found in *"$newline${version%%.*}$tab"*) ;; *) found=$found${version%%.*}$tab$1$newline ;; esac
}
found= # the first directory of each major version, which a start takes

if [ -n "$binaries" ]; then show_programs "$binaries"
else
  shown=:
  left=$PATH:
  while [ -n "$left" ]; do
    dir=${left%%:*}
    left=${left#*:}
    case $shown in *":$dir:"*) ;; *) show_programs "$dir" ;; esac
    shown=$shown$dir:
  done
fi

is_up() { # DIRECTORY; what is not known to be down is not read as if it were
  look_at "$1/data/postmaster.pid" "$1"
  [ "$process" != down ]
}

show_way() { # ID DIRECTORY
  step=$2
  while [ ! -e "$step" ]; do step=$(dirname -- "$step"); done
  as "$user" test -x "$step" || record closed id "$1" folder "$step"
}

show_data() { # ID DIRECTORY
  data=$2/data
  if [ ! -f "$data/PG_VERSION" ]; then
    [ ! -d "$data" ] || [ -z "$(ls -A "$data" 2>/dev/null || true)" ] || record odd id "$1"
    return 0
  fi
  show_database "$1" "$data"
  [ $up = yes ] || show_stopped "$1" "$data"
}

show_stopped() { # ID DATA
  reader=$(command -v "${binaries:-/usr/lib/postgresql/$major/bin}/pg_controldata" || command -v pg_controldata || true)
  [ -n "$reader" ] || return 0
  [ "$part" != primary ] || show_wal_timeline "$1" "$2"
  [ "$part" != standby ] || show_end "$1" "${reader%/*}" "$2"
  show_control "$1" "${reader%/*}" "$2"
}

show_program_file() { # ID DATA; of the running process $pid
  major= desired=
  { read -r major <"$2/PG_VERSION"; } 2>/dev/null || return 0
  while IFS="$tab" read -r number folder; do
    [ "$number" != "$major" ] || desired=$folder/postgres
  done <<END
$found
END
  # as the owner of the files: in a container, root may not read the link of another user's process
  owner_of "$2"
  running=$(as "$owner" readlink -- "/proc/$pid/exe" 2>/dev/null) && desired=$(readlink -f -- "$desired") || return 0
  [ "$running" = "$desired" ] || record program-file id "$1" running "$running" desired "$desired"
}

show_files() { # ID DIRECTORY
  id=$1 folder=$2
  set --
  for file in postgresql.conf role.conf pg_hba.conf pg_ident.conf; do
    [ ! -f "$folder/conf/$file" ] || set -- "$@" "$folder/conf/$file"
  done
  for file in fence history other-wal; do [ ! -s "$folder/$file" ] || set -- "$@" "$folder/$file"; done
  [ $# -gt 0 ] || return 0
  lines=$(stat -c '%.6Y %U %n' -- "$folder" "$@" 2>/dev/null | ID=$id ME=${me:-} awk "$awk_records"'
    function name(path) {sub(/.*\//, "", path); return path}
    BEGIN {id = ENVIRON["ID"]}
    part == "age" && NR == 1 {if (ENVIRON["ME"] != "" && $2 != ENVIRON["ME"]) record("mark", "id", id, "kind", "owner", "text", $2); next}
    part == "age" && /\/(fence|history|other-wal)$/ {next}
    part == "age" {if ($1 + 0 > newest + 0) newest = $1; next}
    FILENAME ~ /\/history$/ && /\tfailover/ {last["took"] = $0}
    FILENAME ~ /\/(fence|history|other-wal)$/ {last[name(FILENAME)] = $0; next}
    NF && $1 !~ /^#/ {record("file", "id", id, "name", name(FILENAME), "line", $0)}
    END {
      for (kind in last) record("mark", "id", id, "kind", kind, "text", last[kind])
      if (newest != "") record("written", "id", id, "seconds", newest)
    }' part=age - part=text "$@")
  add_records "$lines"
}

while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  if is_up "$directory"; then up=yes; else up=no; fi
  [ $up = yes ] || show_way "$id" "$directory"
  [ $up = no ] || show_port "$id" "$directory/data"
  [ $up = no ] || show_program_file "$id" "$directory/data"
  show_data "$id" "$directory"
  show_files "$id" "$directory"
  show_changed "$id" "$directory"
  [ ! -f "$directory/conf/patroni.yml" ] || record mark id "$id" kind patroni text "$directory/conf/patroni.yml"
done <<END
$nodes
END
end_records
