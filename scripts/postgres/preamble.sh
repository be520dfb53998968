# Functions for scripts about a PostgreSQL server and its repository.

# sessions of psql, pg_basebackup, pg_rewind and pgBackRest do not depend on what a server, a database or a role has as its default
# shellcheck disable=SC2089 # libpq itself reads the backslash
PGOPTIONS='-c default_transaction_isolation=read\ committed -c default_transaction_deferrable=off -c statement_timeout=0'
PGOPTIONS="$PGOPTIONS -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0 -c search_path=pg_catalog"
PGOPTIONS="$PGOPTIONS -c standard_conforming_strings=on -c DateStyle=ISO"
# shellcheck disable=SC2090 # as above
export PGOPTIONS

# reaped DIRECTORY: removes obstacles of exited processes to a start there. A killed process stays a zombie until its parent reaps it;
# in a container whose first process is not an init, it stays forever. PostgreSQL takes a zombie for a running process. If this lasts
# and nothing uses the server's shared memory, the function removes its lock files.
reaped() {
  tries=100
  for lock in "$1/data/postmaster.pid" "$1/run"/.s.PGSQL.*.lock; do
    while [ "$tries" -gt 0 ]; do
      tries=$((tries - 1))
      number=
      { read -r number <"$lock"; } 2>/dev/null || break
      number=${number#-} # of a single process
      stat=$(of_process "$1" "${number:-0}" 'cat "$1/stat"' 2>/dev/null) || break
      case ${stat##*) } in Z* | X*) ;; *) break ;; esac
      if [ "$tries" -lt 80 ]; then
        attached "$1"
        [ "$attached" -gt 0 ] || { rm -f -- "$lock"; break; }
      fi
      sleep 0.1
    done
  done
}

# show_port ID DATA: record port id port address: the port and the first address of a running server, by the file that it has written itself
show_port() {
  number= address=
  {
    read -r number && read -r number && read -r number && read -r number && read -r address && read -r address || true
  } 2>/dev/null <"$2/postmaster.pid" || return 0
  case $number in '' | *[!0-9]*) ;; *) record port id "$1" port "$number" address "$address" ;; esac
}

# show_database ID DATA: record database id major role: role: primary, standby or recovery, in which the database would start; sets
# major and part
show_database() {
  read -r major <"$2/PG_VERSION"
  part_of "$2"
  record database id "$1" major "$major" role "$part"
}

# show_control ID PROGRAMS DATA: record control id systemIdentifier state checkpointLsn timeline recoveryLsn recoveryTimeline history:
# the control file of a stopped server; history: the timelines before its newest one, as TIMELINE LSN with commas between
show_control() {
  control=$("$2/pg_controldata" "$3" 2>/dev/null | ID=$1 DATA=$3 awk -F': +' "$awk_records"'
    BEGIN {
      key["Database system identifier"] = "systemIdentifier"; key["Database cluster state"] = "state"
      key["Latest checkpoint location"] = "checkpointLsn"; key["Latest checkpoint'"'"'s TimeLineID"] = "timeline"
      key["Minimum recovery ending location"] = "recoveryLsn"; key["Min recovery ending loc'"'"'s timeline"] = "recoveryTimeline"
    }
    $1 in key {value[key[$1]] = $2}
    $1 in key && key[$1] ~ /imeline/ && $2 > newest {newest = $2}
    function known(name) {return name in value ? name : ""}
    END {
      if (!("systemIdentifier" in value)) exit
      file = sprintf("%s/pg_wal/%08X.history", ENVIRON["DATA"], newest)
      while ((getline line <file) > 0) if (split(line, f, /[ \t]+/) > 1 && f[1] ~ /^[0-9]+$/) past = past (past == "" ? "" : ",") f[1] " " f[2]
      # a value that this version does not print is a missing field, never an empty one
      record("control", "id", ENVIRON["ID"], known("systemIdentifier"), value["systemIdentifier"], known("state"), value["state"], \
        known("checkpointLsn"), value["checkpointLsn"], known("timeline"), value["timeline"], \
        known("recoveryLsn"), value["recoveryLsn"], known("recoveryTimeline"), value["recoveryTimeline"], "history", past)
    }')
  add_records "$control"
}

# fenced MARK: writes the fence into the server's directory, atomically
fenced() {
  draft=$(mktemp -- "$directory/.fence.XXXXXX")
  chmod 0644 -- "$draft"
  printf '%s\n' "$1" >"$draft"
  sync -- "$draft"
  mv -f -- "$draft" "$directory/fence"
}

# start_read_only DATA: makes a stopped primary start manually only as a standby that follows no server, so it accepts no writes
start_read_only() {
  if [ ! -f "$1/PG_VERSION" ] || [ -e "$1/standby.signal" ] || [ -e "$1/recovery.signal" ]; then return 0; fi
  printf 'fenced primary\n' | put_as "$(server_user postgres)" "$1/standby.signal" 0600
}

# is_read_only DATA: whether start_read_only was applied
is_read_only() {
  signal=
  { read -r signal <"$1/standby.signal"; } 2>/dev/null || true
  [ "$signal" = 'fenced primary' ]
}

# part_of DATA: sets part to the role of the database without its fence: primary, standby or recovery
part_of() {
  part=primary
  [ ! -f "$1/recovery.signal" ] || part=recovery
  [ ! -f "$1/standby.signal" ] || is_read_only "$1" || part=standby
}

# at_least PROGRAMS DIRECTORY [OPTIONS]: further options for a server that replays WAL there, so that its settings are not lower than
# its control file requires
at_least() {
  "$1/pg_controldata" "$2/data" | conf=$2/conf/postgresql.conf has=${3:-} awk '
    BEGIN {
      own["max_connections"] = 100; own["max_worker_processes"] = 8; own["max_wal_senders"] = 10
      own["max_prepared_transactions"] = 0; own["max_locks_per_transaction"] = 64
      while ((getline line <ENVIRON["conf"]) > 0)
        if (split(line, part, " = ") == 2 && part[1] in own) {gsub(/[^0-9]/, "", part[2]); own[part[1]] = part[2]}
      words = split(ENVIRON["has"], word, " ")
      for (i = 1; i <= words; i++) if (split(word[i], part, "=") == 2 && part[1] in own) own[part[1]] = part[2]
    }
    $2 == "setting:" {
      sub(/xact/, "transaction", $1)
      if ($1 in own && $3 + 0 > own[$1] + 0) printf " -c %s=%d", $1, $3
    }'
}

# make_standby USER DATA
make_standby() {
  ! is_read_only "$2" || rm -f -- "$2/standby.signal"
  as "$1" touch -- "$2/standby.signal"
  as "$1" sync -- "$2/standby.signal"
}

# new_data: creates $data.new, an empty directory of the server's user ($user), in the node's directory, where that user has no write
# access
new_data() {
  mkdir -m 0700 -- "$data.new"
  chown -- "$user" "$data.new"
}

# not_read DATA: states in postgresql.conf that it is not read, as the server's user ($user)
not_read() {
  printf '# Not read: the configuration is in %s/conf\n' "$directory" | put_as "$user" "$1/postgresql.conf" 0600
}

# no_auto_conf DATA: removes all settings of ALTER SYSTEM, as the server's user ($user)
no_auto_conf() { put_as "$user" "$1/postgresql.auto.conf" 0600 </dev/null; }

# known_passwords: the desired contents of a member's password file
# replicator and rewinder (role names), replication and rewind (their passwords)
known_passwords() {
  for of in "$replicator:$replication" "$rewinder:$rewind"; do
    escaped=${of#*:}
    case $escaped in *[\\:]*) escaped=$(printf '%s' "$escaped" | sed 's/[\\:]/\\&/g') ;; esac
    printf '*:*:*:%s:%s\n' "${of%%:*}" "$escaped"
  done
}

# private_config: creates $private, a temporary directory for this script, with the repository configuration in conf; the server's user
# ($user) reads conf, writes only into $private/pieces, and cannot redirect the files of this user with links
# config (its text; @system@ is a placeholder for the system identifier), system
private_config() {
  user=$(server_user postgres)
  private=$(mktemp -d)
  trap 'rm -rf -- "$private"' EXIT
  (umask 077 && printf '%s\n' "$config" | sed "s/@system@/$system/" >"$private/conf" && mkdir -- "$private/pieces")
  chown -- "$user" "$private/conf" "$private/pieces"
  chmod 0711 -- "$private"
}

# copied_spaces: the tablespaces in pgBackRest's output about one base backup, on standard input: space OID LOCATION, separated by tabs
copied_spaces() {
  { grep -o '{"destination":"[^"]*","name":"[^"]*","oid":[0-9]*}' || true; } | sort -u |
    sed "s/{\"destination\":\"\(.*\)\",\"name\":.*,\"oid\":\([0-9]*\)}/space$tab\2$tab\1/"
}

# own_spaces DATA: the prefix of that database's directories in its tablespaces
own_spaces() {
  read -r version <"$1/PG_VERSION"
  case $version in '' | *[!0-9]*) fail "$1/PG_VERSION holds no version" ;; esac
  printf 'PG_%s_' "$version"
}

# keep_spaces DATA KEPT NAME: preserves the files of the database in DATA in its tablespaces, as the server's user ($user). The files of
# each directory move next to it, on the same file system, to DIRECTORY.NAME. The file KEPT/tablespaces names both, one line each.
keep_spaces() {
  own=$(own_spaces "$1")
  for link in "$1/pg_tblspc/"*; do
    [ -L "$link" ] || continue
    location=$(readlink -- "$link")
    place=$location.$3
    [ -d "$location" ] || continue
    [ "$(stat -L -c %U -- "$location")" = "$user" ] || fail "$location does not belong to $user"
    grep -qsxF -- "$location$tab$place" "$2/tablespaces" || printf '%s\t%s\n' "$location" "$place" >>"$2/tablespaces"
    sync -- "$2/tablespaces"
    # this user only creates the directory: the server's user, who created the link, moves the contents
    if [ ! -d "$place" ] || [ -L "$place" ]; then
      mkdir -m 0700 -- "$place"
      chown -h -- "$user" "$place"
    fi
    for inside in "$location/$own"*; do
      [ ! -e "$inside" ] || as "$user" mv -- "$inside" "$place/"
    done
  done
}

# clear_spaces FILE: removes the files of a restore from the tablespaces named in FILE, one per line, as the server's user ($user)
clear_spaces() {
  while IFS= read -r location; do
    for inside in "$location"/PG_[0-9]*; do
      [ ! -e "$inside" ] || as "$user" rm -rf -- "$inside"
    done
  done <"$1"
}

# wal_number POSITION: an LSN as a number
wal_number() { printf '%s\n' "$(((0x${1%/*} << 32) | 0x${1#*/}))"; }

# wal_position NUMBER: the number as an LSN
wal_position() { printf '%X/%X\n' "$(($1 >> 32))" "$(($1 & 0xFFFFFFFF))"; }

# segment_size PROGRAMS DATA: the bytes of a WAL segment
segment_size() { "$1/pg_controldata" "$2" 2>/dev/null | sed -n 's/^Bytes per WAL segment: *//p'; }

# wal_from PROGRAMS DATA TIMELINE POSITION SECONDS [END]: the WAL of a timeline from an LSN on, as text; the reason of its end goes to
# standard error. It is read from $wal_folder, or from DATA/pg_wal if that is not set.
# The segment is named, because pg_waldump otherwise takes the first segment, and finds no size in a preallocated empty one.
wal_folder=
wal_from() {
  segments=${wal_folder:-$2/pg_wal}
  bytes=$(segment_size "$1" "$2")
  [ -n "$bytes" ] || { say "pg_controldata cannot read $2"; return 1; }
  segment=$(printf '%08X%08X%08X' "$3" "0x${4%/*}" "$((0x${4#*/} / bytes))")
  [ -f "$segments/$segment" ] || { say "the segment $segment is not in $2/pg_wal"; return 1; }
  newest=$segment
  for file in "$segments/$(printf '%08X' "$3")"????????????????; do
    newest=${file##*/} # the names are sorted
  done
  if [ -n "${6:-}" ]; then
    last=$(($(wal_number "$6") - 1))
    newest=$(printf '%08X%08X%08X' "$3" "$((last >> 32))" "$(((last & 0xFFFFFFFF) / bytes))")
  fi
  timeout "$5" "$1/pg_waldump" -p "$segments" -s "$4" ${6:+-e "$6"} "$segment" "$newest"
}

# wal_end SEGMENT_SIZE: the end of WAL, from both output streams of wal_from; empty when no record was read. A switch to a new segment
# uses the rest of its segment.
wal_end() {
  awk '
    match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/) {
      at = substr($0, RSTART + 5, RLENGTH - 5)
      length_ = $0
      sub(/.*len \(rec\/tot\): *[0-9]+\/ */, "", length_)
      sub(/[^0-9].*/, "", length_)
      end = ""
      switched = /desc: SWITCH/
      next
    }
    /error in WAL record at / {
      sub(/.*error in WAL record at [0-9A-F]+\/[0-9A-F]+:/, "")
      while (match($0, / at [0-9A-F]+\/[0-9A-F]+/)) {end = substr($0, RSTART + 4, RLENGTH - 4); $0 = substr($0, RSTART + RLENGTH)}
    }
    END {if (end != "") print end, 0; else if (at != "" && switched) print at, "-"; else if (at != "") print at, length_}' |
    while read -r at length; do
      case $length in
        -) wal_position "$(($(wal_number "$at") / $1 * $1 + $1))" ;;
        *) wal_position "$((($(wal_number "$at") + length + 7) / 8 * 8))" ;;
      esac
    done
}

# wal_ends_at PROGRAMS DATA TIMELINE POSITION [SECONDS]: whether the WAL of that timeline ends exactly there, which only the WAL before
# it can prove
wal_ends_at() {
  bytes=$(segment_size "$1" "$2")
  [ -n "$bytes" ] || return 1
  number=$(wal_number "$4")
  # the first record of a segment comes with the header of its first page: without this header, no record was ever written there
  first=${wal_folder:-$2/pg_wal}/$(printf '%08X%08X%08X' "$3" "0x${4%/*}" "$((0x${4#*/} / bytes))")
  if [ "$((number % bytes))" -eq 0 ] && [ -f "$first" ] && [ "$(od -An -t u8 -j 8 -N 8 -- "$first" | tr -d ' ')" != "$number" ]; then
    return 0
  fi
  ended=$(wal_from "$1" "$2" "$3" "$(wal_position "$(((number - 1) / bytes * bytes))")" "${5:-15}" 2>&1 | wal_end "$bytes")
  [ -n "$ended" ] || return 1
  after=$(($(wal_number "$ended") - number))
  # each page starts with a header of 24 bytes, the first page of a segment with one of 40 bytes
  [ "$after" -eq 0 ] || { [ "$after" -gt -8 ] && [ "$after" -le 40 ] && [ "$((number % 8192))" -le 40 ]; }
}

# wal_sum PROGRAMS DATA TIMELINE POSITION [END]: a summary of the WAL of a timeline from an LSN on, a tab between word and value: end,
# records, commits, first and last (the times of those commits). A commit that only wrote statistics, or only truncated the empty end of
# a table, does not count, because autovacuum makes such commits. Fails with the reason when the WAL cannot be read to its end.
wal_sum() {
  said=$({ wal_from "$1" "$2" "$3" "$4" 15 ${5:+"$5"} || echo "wal_from ended with $?"; } 2>&1 | awk '
    BEGIN {statistics["2619"] = statistics["2840"] = statistics["3429"] = statistics["3430"] = 1} # with what they keep out of line
    match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/) {records++; last_record = $0}
    !/^rmgr: / {print; next}
    {
      match($0, /tx: *[0-9]+/); tx = substr($0, RSTART, RLENGTH); sub(/tx: */, "", tx)
    }
    /^rmgr: Heap/ && match($0, /rel [0-9]+\/[0-9]+\/[0-9]+/) {
      split(substr($0, RSTART + 4, RLENGTH - 4), rel, "/")
      if (rel[3] in statistics || /desc: INPLACE/) dull[tx] = 1; else wrote[tx] = 1
    }
    /^rmgr: Storage/ && /desc: TRUNCATE/ {dull[tx] = 1}
    /^rmgr: (Sequence|LogicalMessage)/ {wrote[tx] = 1}
    /desc: ABORT/ {delete dull[tx]; delete wrote[tx]}
    /desc: COMMIT/ {
      idle = tx in dull && !(tx in wrote) && !/subxacts:/
      delete dull[tx]; delete wrote[tx]
      if (idle) next
      commits++
      sub(/.*desc: COMMIT(_PREPARED [0-9]+:)? */, "")
      time = $1 " " $2
      if (commits == 1) first = time
      last = time
    }
    END {
      if (records) print last_record
      print "records\t" records + 0; print "commits\t" commits + 0
      if (commits) {print "first\t" first; print "last\t" last}
    }')
  case $said in
    *"wal_from ended with 124"*) say "reading the WAL took longer than 15 s"; return 1 ;;
    *"records${tab}0"*)
      if ! wal_ends_at "$1" "$2" "$3" "$4"; then printf '%s\n' "$said" | grep -v "$tab" | grep -v 'ended with' | tail -n 1 >&2; return 1; fi
      printf 'end\t%s\n' "$4"
      ;;
    *) printf 'end\t%s\n' "$(printf '%s\n' "$said" | grep -v "$tab" | awk '/^rmgr: /{kept = $0; next} {rest = rest $0 "\n"} END {print kept; printf "%s", rest}' |
      wal_end "$(segment_size "$1" "$2")")" ;;
  esac
  printf '%s\n' "$said" | grep "$tab"
}

# show_wal SUMMARY: record wal end records commits first last, from the output of wal_sum; sets wal_last to the end and wal_first to the
# time of the first commit; both times are empty without a commit
show_wal() {
  wal_last= wal_first= wal_records= wal_commits= wal_newest=
  while IFS="$tab" read -r key value; do
    case $key in
      end) wal_last=$value ;;
      records) wal_records=$value ;;
      commits) wal_commits=$value ;;
      first) wal_first=$value ;;
      last) wal_newest=$value ;;
    esac
  done <<END
$1
END
  record wal end "$wal_last" records "${wal_records:-0}" commits "$wal_commits" first "$wal_first" last "$wal_newest"
}

# log_end PROGRAMS DATA: the end of WAL of a stopped PostgreSQL standby; empty when the search takes too long
log_end() {
  "$1/pg_controldata" "$2" 2>/dev/null | awk -F': +' '/^Min recovery ending loc/ {t = $2} /^Minimum recovery ending location/ {l = $2}
    END {if (t > 0 && l != "0/0") print t, l}' | while read -r from; do
    wal_from "$1" "$2" "${from% *}" "${from#* }" 5 2>&1 | wal_end "$(segment_size "$1" "$2")"
  done
}

# show_end ID PROGRAMS DATA: record wal-end id lsn: the end of WAL of a stopped standby, which may be past the end in its control file
show_end() {
  ended=$(log_end "$2" "$3")
  [ -z "$ended" ] || record wal-end id "$1" lsn "$ended"
}

# show_changed ID DIRECTORY: record mark of kind changed: a file that can change the synchronous standbys and is newer than their history
show_changed() {
  [ -s "$2/history" ] || return 0
  for file in data/postgresql.auto.conf conf/role.conf; do
    if [ "$2/$file" -nt "$2/history" ]; then record mark id "$1" kind changed text "${file##*/}"; return 0; fi
  done
}

# show_wal_timeline ID DATA: record wal-timeline id timeline: the newest timeline in the WAL of a stopped primary
show_wal_timeline() {
  newest=
  for file in "$2"/pg_wal/????????????????????????; do
    file=${file##*/}
    case $file in *[!0-9A-F]*) ;; *) newest=$file ;; esac
  done
  [ -z "$newest" ] || record wal-timeline id "$1" timeline $((0x${newest%????????????????}))
}
