# Reports the PostgreSQL nodes of a host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory
# binaries: directory of the server programs; empty: search for them
# Answers, fields separated by a tab:
#   user NAME                               the user of the servers
#   programs MAJOR VERSION FOLDER           one line per directory that has all programs
#   closed ID FOLDER                        the servers' user has no access to that directory
#   data ID MAJOR primary|standby|recovery  a complete database exists; the role in which it would start
#   port ID PORT                            the port of a running server
#   odd ID                                  a data directory exists without a database
#   control ID KEY VALUE                    the control file of a stopped server, and its history file
#   file ID NAME LINE                       configuration, without comments and empty lines
#   written ID SECONDS                      modification time of the newest configuration file
#   fence ID TEXT                           why it must not be started
#   history ID LINE                         the last line of its history of primaries and synchronous standbys
#   pgpass ID                               the password file exists, private and owned by the servers' user
#   owner ID NAME                           the owner of its directory, where this script runs as root and the owner is another user
#   changed ID NAME                         that file, which can change the synchronous standbys, is newer than the history
user=$(server_user postgres)
! is_root || me=$(id -un)
printf 'user\t%s\n' "$user"

show_programs() { # FOLDER
  for program in postgres pg_ctl initdb pg_basebackup pg_controldata; do [ -x "$1/$program" ] || return 0; done
  version=$("$1/pg_controldata" --version) # the smallest of them; they come in one package
  version=${version#*) }
  version=${version%%[!0-9.]*}
  printf 'programs\t%s\t%s\t%s\n' "${version%%.*}" "$version" "$1"
}

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
  as "$user" test -x "$step" || printf 'closed\t%s\t%s\n' "$1" "$step"
}

show_data() { # ID DIRECTORY
  data=$2/data
  if [ ! -f "$data/PG_VERSION" ]; then
    [ ! -d "$data" ] || [ -z "$(ls -A "$data" 2>/dev/null || true)" ] || printf 'odd\t%s\n' "$1"
    return 0
  fi
  part_of "$data"
  read -r major <"$data/PG_VERSION"
  printf 'data\t%s\t%s\t%s\n' "$1" "$major" "$part"
  [ $up = yes ] || show_control "$1" "$data" "$major"
}

show_control() { # ID DATA MAJOR
  reader=$(command -v "${binaries:-/usr/lib/postgresql/$3/bin}/pg_controldata" || command -v pg_controldata || true)
  [ -n "$reader" ] || return 0
  [ "$part" != primary ] || show_wal_timeline "$1" "$2"
  if [ "$part" = standby ]; then
    ended=$(log_end "$(dirname -- "$reader")" "$2")
    [ -z "$ended" ] || printf 'control\t%s\tlog_end\t%s\n' "$1" "$ended"
  fi
  show_history "$1" "$2"
  "$reader" "$2" 2>/dev/null | sed -n "
    s|^Database system identifier: *|control${tab}$1${tab}system_identifier${tab}|p
    s|^Database cluster state: *|control${tab}$1${tab}state${tab}|p
    s|^Latest checkpoint location: *|control${tab}$1${tab}checkpoint_lsn${tab}|p
    s|^Latest checkpoint's TimeLineID: *|control${tab}$1${tab}timeline${tab}|p
    s|^Minimum recovery ending location: *|control${tab}$1${tab}recovery_lsn${tab}|p
    s|^Min recovery ending loc's timeline: *|control${tab}$1${tab}recovery_timeline${tab}|p"
}

show_history() { # ID DATA: the timelines before its newest one
  newest=$("$reader" "$2" 2>/dev/null | awk -F': +' '/TimeLineID: |ending loc.s timeline/ && $1 !~ /Prev/ && $2 > newest {newest = $2} END {printf "%08X", newest}')
  [ -f "$2/pg_wal/$newest.history" ] || return 0
  awk -v head="control$tab$1${tab}history$tab" 'split($0, f, /[ \t]+/) > 1 && f[1] ~ /^[0-9]+$/ {past = past (past == "" ? "" : ",") f[1] " " f[2]}
    END {if (past != "") print head past}' "$2/pg_wal/$newest.history"
}

show_files() { # ID DIRECTORY
  id=$1 folder=$2
  set --
  for file in postgresql.conf role.conf pg_hba.conf pg_ident.conf; do
    [ ! -f "$folder/conf/$file" ] || set -- "$@" "$folder/conf/$file"
  done
  [ $# = 0 ] || set -- "$@" "$folder/conf/pgpass"
  for file in fence history; do [ ! -s "$folder/$file" ] || set -- "$@" "$folder/$file"; done
  [ $# -gt 0 ] || return 0
  stat -c '%.6Y %a %U %n' -- "$folder" "$@" 2>/dev/null | ID=$id USER=$user ME=${me:-} awk '
    function name(path) {sub(/.*\//, "", path); return path}
    BEGIN {id = "\t" ENVIRON["ID"] "\t"}
    part == "age" && NR == 1 {if (ENVIRON["ME"] != "" && $3 != ENVIRON["ME"]) print "owner" id $3; next}
    part == "age" && /\/(fence|history)$/ {next}
    part == "age" && /\/pgpass$/ {if ($2 == "600" && $3 == ENVIRON["USER"]) print "pgpass\t" ENVIRON["ID"]; next}
    part == "age" {if ($1 + 0 > newest + 0) newest = $1; next}
    FILENAME ~ /\/(fence|history)$/ {last[name(FILENAME)] = $0; next}
    FILENAME !~ /\/pgpass$/ && NF && $1 !~ /^#/ {print "file" id name(FILENAME) "\t" $0}
    END {for (told in last) print told id last[told]; print "written" id newest}' part=age - part=text "$@"
}

while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  if is_up "$directory"; then up=yes; else up=no; fi
  [ $up = yes ] || show_way "$id" "$directory"
  [ $up = no ] || show_port "$id" "$directory/data"
  show_data "$id" "$directory"
  show_files "$id" "$directory"
  show_changed "$id" "$directory"
done <<END
$nodes
END
