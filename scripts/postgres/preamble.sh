# What scripts about a PostgreSQL server and its repository share.

# sessions of psql, pg_basebackup, pg_rewind and pgBackRest do not depend on what a server, a database or a role has as its default
# shellcheck disable=SC2089 # libpq itself reads the backslash
PGOPTIONS='-c default_transaction_isolation=read\ committed -c default_transaction_deferrable=off -c statement_timeout=0'
PGOPTIONS="$PGOPTIONS -c lock_timeout=0 -c idle_in_transaction_session_timeout=0 -c idle_session_timeout=0 -c search_path=pg_catalog"
PGOPTIONS="$PGOPTIONS -c standard_conforming_strings=on -c DateStyle=ISO"
# shellcheck disable=SC2090 # as above
export PGOPTIONS

# reaped DIRECTORY: after it no process that has ended stands in the way of a start there. A killed process stays a zombie until its
# parent has noticed, in a container whose first process is no init for ever, and though it does nothing any more, PostgreSQL takes it
# for alive. Where that lasts and nothing uses the server's shared memory, its lock files go, as those of a process that is gone do.
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

# show_port ID DATA: the port of a server that runs, by the file that it has written itself
show_port() {
  [ ! -f "$2/postmaster.pid" ] || ID=$1 awk 'NR == 4 && /^[0-9]+$/ {print "port\t" ENVIRON["ID"] "\t" $0}' "$2/postmaster.pid"
}

# fenced MARK: writes into the server's folder why it must not be started, whole or not at all
fenced() {
  draft=$(mktemp -- "$directory/.fence.XXXXXX")
  chmod 0644 -- "$draft"
  printf '%s\n' "$1" >"$draft"
  sync -- "$draft"
  mv -f -- "$draft" "$directory/fence"
}

# start_read_only DATA: a stopped primary that is started by hand becomes a standby that follows no server, so takes no writes
start_read_only() {
  if [ ! -f "$1/PG_VERSION" ] || [ -e "$1/standby.signal" ] || [ -e "$1/recovery.signal" ]; then return 0; fi
  printf 'fenced primary\n' | put_as "$(server_user postgres)" "$1/standby.signal" 0600
}

# is_read_only DATA: start_read_only has been there
is_read_only() {
  signal=
  { read -r signal <"$1/standby.signal"; } 2>/dev/null || true
  [ "$signal" = 'fenced primary' ]
}

# part_of DATA: sets part to what the database would be without its fence: primary, standby or recovery
part_of() {
  part=primary
  [ ! -f "$1/recovery.signal" ] || part=recovery
  [ ! -f "$1/standby.signal" ] || is_read_only "$1" || part=standby
}

# at_least PROGRAMS DIRECTORY [OPTIONS]: options for a server that replays the log there, besides those that it has, so that it has no
# less than its control file asks for
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

# new_data: makes $data.new, an empty folder of the server's user ($user), in the node's folder, where that user may not make one
new_data() {
  mkdir -m 0700 -- "$data.new"
  chown -- "$user" "$data.new"
}

# not_read DATA: says in postgresql.conf that it is not read, as the server's user ($user)
not_read() {
  printf '# Not read: the configuration is in %s/conf\n' "$directory" | put_as "$user" "$1/postgresql.conf" 0600
}

# no_auto_conf DATA: nothing stays of what ALTER SYSTEM has set; as the server's user ($user)
no_auto_conf() { put_as "$user" "$1/postgresql.auto.conf" 0600 </dev/null; }

# known_passwords: what a member's password file holds
# replicator and rewinder (role names), replication and rewind (their passwords)
known_passwords() {
  for of in "$replicator:$replication" "$rewinder:$rewind"; do
    told=${of#*:}
    case $told in *[\\:]*) told=$(printf '%s' "$told" | sed 's/[\\:]/\\&/g') ;; esac
    printf '*:*:*:%s:%s\n' "${of%%:*}" "$told"
  done
}

# private_config: $private, a folder for as long as this script runs, with how to read the repository in conf; the server's user
# ($user) reads conf, writes into $private/pieces alone, and can put no link in the way of what this user writes
# config (its text; @system@ stands for the system identifier), system
private_config() {
  user=$(server_user postgres)
  private=$(mktemp -d)
  trap 'rm -rf -- "$private"' EXIT
  (umask 077 && printf '%s\n' "$config" | sed "s/@system@/$system/" >"$private/conf" && mkdir -- "$private/pieces")
  chown -- "$user" "$private/conf" "$private/pieces"
  chmod 0711 -- "$private"
}

# copied_spaces: the tablespaces that pgBackRest's words about one base copy, on standard input, name: space OID LOCATION, with tabs between
copied_spaces() {
  { grep -o '{"destination":"[^"]*","name":"[^"]*","oid":[0-9]*}' || true; } | sort -u |
    sed "s/{\"destination\":\"\(.*\)\",\"name\":.*,\"oid\":\([0-9]*\)}/space$tab\2$tab\1/"
}

# own_spaces DATA: with this the names of the folders of that database in its tablespaces begin
own_spaces() {
  read -r version <"$1/PG_VERSION"
  case $version in '' | *[!0-9]*) fail "$1/PG_VERSION holds no version" ;; esac
  printf 'PG_%s_' "$version"
}

# keep_spaces DATA KEPT NAME: moves what the database in DATA has in its tablespaces out of the way, as the server's user ($user). Each
# folder keeps its own next to it, on its own file system, as FOLDER.NAME. The file KEPT/tablespaces names both, a line each.
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
    # only the folder itself is made here: what is moved is moved by the server's user, who has put the link there
    if [ ! -d "$place" ] || [ -L "$place" ]; then
      mkdir -m 0700 -- "$place"
      chown -h -- "$user" "$place"
    fi
    for inside in "$location/$own"*; do
      [ ! -e "$inside" ] || as "$user" mv -- "$inside" "$place/"
    done
  done
}

# clear_spaces FILE: removes what a copy has put into the tablespaces that are named there, a line each; as the server's user ($user)
clear_spaces() {
  while IFS= read -r location; do
    for inside in "$location"/PG_[0-9]*; do
      [ ! -e "$inside" ] || as "$user" rm -rf -- "$inside"
    done
  done <"$1"
}

# wal_number POSITION: a position in the log as a number
wal_number() { printf '%s\n' "$(((0x${1%/*} << 32) | 0x${1#*/}))"; }

# wal_position NUMBER: the same as PostgreSQL writes it
wal_position() { printf '%X/%X\n' "$(($1 >> 32))" "$(($1 & 0xFFFFFFFF))"; }

# segment_size PROGRAMS DATA: the bytes of a segment of the log
segment_size() { "$1/pg_controldata" "$2" 2>/dev/null | sed -n 's/^Bytes per WAL segment: *//p'; }

# wal_from PROGRAMS DATA TIMELINE POSITION SECONDS [END]: the log of a timeline from a position on, in words; why it ends goes to standard
# error. It is read where $wal_folder says, else in DATA/pg_wal.
# The segment is named: pg_waldump finds no size in a segment that was made in advance and is empty, and it takes the first it sees.
wal_folder=
wal_from() {
  segments=${wal_folder:-$2/pg_wal}
  bytes=$(segment_size "$1" "$2")
  [ -n "$bytes" ] || { say "pg_controldata cannot read $2"; return 1; }
  segment=$(printf '%08X%08X%08X' "$3" "0x${4%/*}" "$((0x${4#*/} / bytes))")
  [ -f "$segments/$segment" ] || { say "the segment $segment is not in $2/pg_wal"; return 1; }
  newest=$segment
  for file in "$segments/$(printf '%08X' "$3")"????????????????; do
    newest=${file##*/} # they come in their order
  done
  if [ -n "${6:-}" ]; then
    last=$(($(wal_number "$6") - 1))
    newest=$(printf '%08X%08X%08X' "$3" "$((last >> 32))" "$(((last & 0xFFFFFFFF) / bytes))")
  fi
  timeout "$5" "$1/pg_waldump" -p "$segments" -s "$4" ${6:+-e "$6"} "$segment" "$newest"
}

# wal_end SEGMENT_SIZE: where the log ends, by what wal_from said on both streams; nothing when no record was read. A switch to a new
# segment takes up the rest of its own.
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

# wal_ends_at PROGRAMS DATA TIMELINE POSITION: the log of that timeline ends right there, which only what lies before can prove
wal_ends_at() {
  bytes=$(segment_size "$1" "$2")
  [ -n "$bytes" ] || return 1
  number=$(wal_number "$4")
  # the first record of a segment comes with the header of its first page: without that none was ever written there
  first=${wal_folder:-$2/pg_wal}/$(printf '%08X%08X%08X' "$3" "0x${4%/*}" "$((0x${4#*/} / bytes))")
  if [ "$((number % bytes))" -eq 0 ] && [ -f "$first" ] && [ "$(od -An -t u8 -j 8 -N 8 -- "$first" | tr -d ' ')" != "$number" ]; then
    return 0
  fi
  ended=$(wal_from "$1" "$2" "$3" "$(wal_position "$(((number - 1) / bytes * bytes))")" 15 2>&1 | wal_end "$bytes")
  [ -n "$ended" ] || return 1
  after=$(($(wal_number "$ended") - number))
  # on the first bytes of a page there is a header of 24 bytes, and of 40 in the first page of a segment
  [ "$after" -eq 0 ] || { [ "$after" -gt -8 ] && [ "$after" -le 40 ] && [ "$((number % 8192))" -le 40 ]; }
}

# wal_sum PROGRAMS DATA TIMELINE POSITION [END]: what the log of a timeline holds from a position on, a tab between word and value: end,
# records, commits, first and last (the times of those commits). A commit that wrote nothing but statistics, or only cut the empty end
# of a table off, does not count: autovacuum makes it by itself. Fails, with the reason, where the log cannot be read to its end.
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
    *"wal_from ended with 124"*) say "reading the log took longer than 15 s"; return 1 ;;
    *"records${tab}0"*)
      if ! wal_ends_at "$1" "$2" "$3" "$4"; then printf '%s\n' "$said" | grep -v "$tab" | grep -v 'ended with' | tail -n 1 >&2; return 1; fi
      printf 'end\t%s\n' "$4"
      ;;
    *) printf 'end\t%s\n' "$(printf '%s\n' "$said" | grep -v "$tab" | awk '/^rmgr: /{kept = $0; next} {rest = rest $0 "\n"} END {print kept; printf "%s", rest}' |
      wal_end "$(segment_size "$1" "$2")")" ;;
  esac
  printf '%s\n' "$said" | grep "$tab"
}

# log_end PROGRAMS DATA: where the log of a stopped PostgreSQL standby ends; nothing when that takes too long to find
log_end() {
  "$1/pg_controldata" "$2" 2>/dev/null | awk -F': +' '/^Min recovery ending loc/ {t = $2} /^Minimum recovery ending location/ {l = $2}
    END {if (t > 0 && l != "0/0") print t, l}' | while read -r from; do
    wal_from "$1" "$2" "${from% *}" "${from#* }" 5 2>&1 | wal_end "$(segment_size "$1" "$2")"
  done
}

# show_changed ID DIRECTORY: names a file that can change whom commits wait for and is newer than the record of that, if there is one
show_changed() {
  [ -s "$2/history" ] || return 0
  for file in data/postgresql.auto.conf conf/role.conf; do
    if [ "$2/$file" -nt "$2/history" ]; then printf 'changed\t%s\t%s\n' "$1" "${file##*/}"; return 0; fi
  done
}

# show_wal_timeline ID DATA: the newest timeline that the WAL of a stopped primary is on
show_wal_timeline() {
  newest=
  for file in "$2"/pg_wal/????????????????????????; do
    file=${file##*/}
    case $file in *[!0-9A-F]*) ;; *) newest=$file ;; esac
  done
  [ -z "$newest" ] || printf 'control\t%s\twal_timeline\t%s\n' "$1" $((0x${newest%????????????????}))
}
