# Keeps what only this server has: its log from where it left the others, the same in words, and the rows of its commits.
# directory, binaries, name (of the folder below kept/)
# pieces: one line per timeline of what only it has, with its first and last position (- where it is not known): TIMELINE FROM TO
# rows (the statements that write the rows out)
user=$(server_user postgres)
data=$directory/data
kept=$directory/kept/$name
work=$directory/rows # its folder is not the server user's, who can put no link in its place
[ ! -f "$kept/README" ] || exit 0
alone 60
mkdir -p -m 0700 -- "$directory/kept"
rm -rf -- "$kept.new" "$work"
mkdir -m 0700 -- "$kept.new" "$kept.new/pg_wal"
trouble=
commits=0

# keep_log TIMELINE FROM TO: the segments of one timeline, and what they say; fails, with the reason, where they cannot be read to the end
keep_log() {
  bytes=$(segment_size "$binaries" "$data")
  wal_from "$binaries" "$data" "$1" "$2" 3000 ${3:+"$3"} >"$kept.new/piece.txt" 2>"$kept.new/piece.end" || true
  cat -- "$kept.new/piece.txt" >>"$kept.new/log.txt"
  cat -- "$kept.new/piece.end" >>"$kept.new/log.end"
  end=$(cat -- "$kept.new/piece.txt" "$kept.new/piece.end" | wal_end "$bytes")
  if [ -z "$end" ]; then
    wal_ends_at "$binaries" "$data" "$1" "$2" || { say "the log of timeline $1 from $2 on cannot be read: $(tail -n 1 -- "$kept.new/piece.end")"; return 1; }
    end=$2
  fi
  if [ -z "$3" ]; then
    # a server that does not run says up to where its log goes at least
    least=$("$binaries/pg_controldata" "$data" 2>/dev/null | awk -F': +' -v timeline="$1" '
      /^Latest checkpoint location/ {at = $2} /^Latest checkpoint.s TimeLineID/ && $2 == timeline {print at}' )
    [ -z "$least" ] || [ "$(wal_number "$least")" -le "$(wal_number "$end")" ] ||
      { say "the log of timeline $1 can be read up to $end only, and goes on to $least at least"; return 1; }
  fi
  at=$(($(wal_number "$2") / bytes * bytes))
  while [ "$at" -le "$(wal_number "$end")" ]; do
    file=$data/pg_wal/$(printf '%08X%08X%08X' "$1" "$((at >> 32))" "$(((at & 0xFFFFFFFF) / bytes))")
    [ ! -f "$file" ] || cp -p -- "$file" "$kept.new/pg_wal/"
    at=$((at + bytes))
  done
}
while read -r timeline from to; do
  [ "$to" != - ] || to=
  keep_log "$timeline" "$from" "$to" 2>"$kept.new/trouble" || trouble=$(tail -n 1 -- "$kept.new/trouble")
  # as the decision counts them; where that takes too long, all of them
  counted=$(wal_sum "$binaries" "$data" "$timeline" "$from" "$to" 2>/dev/null | sed -n "s/^commits$tab//p")
  commits=$((commits + ${counted:-$(grep -c 'desc: COMMIT' "$kept.new/log.txt" || true)}))
done <<END
$pieces
END
rm -f -- "$kept.new/piece.txt" "$kept.new/piece.end" "$kept.new/trouble"

# its commits: every number of a transaction, with those of its subtransactions
mkdir -m 0700 -- "$work"
awk '/desc: COMMIT(_PREPARED)? / {
    if (match($0, /desc: COMMIT_PREPARED [0-9]+/)) print substr($0, RSTART + 22, RLENGTH - 22)
    else if (match($0, /tx: *[0-9]+/)) {x = substr($0, RSTART, RLENGTH); sub(/tx: */, "", x); print x}
    if (match($0, /subxacts:[ 0-9]+/)) {n = split(substr($0, RSTART + 9, RLENGTH - 9), s, " "); for (i = 1; i <= n; i++) print s[i]}
  }' "$kept.new/log.txt" >"$work/ids"
# the files of tables that were written to, with their databases
awk '/^rmgr: (Heap|XLOG)/ {
    line = $0
    while (match(line, /rel [0-9]+\/[0-9]+\/[0-9]+/)) {split(substr(line, RSTART + 4, RLENGTH - 4), f, "/"); print f[2], f[3]; line = substr(line, RSTART + RLENGTH)}
  }' "$kept.new/log.txt" | sort -u >"$work/touched"
chown -R -- "$user" "$work"

value() { sed -n "s/^$1 = '\(.*\)'\$/\1/p" "$directory/conf/postgresql.conf" | tail -n 1; }
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
reaped "$directory"

quoted() { printf '%s' "$1" | sed "s/'/''/g"; }

# psql_at FOLDER PORT DATABASE: says what comes in to the server whose socket is there
psql_at() {
  as "$user" env -u PGPASSWORD PGOPTIONS= "$binaries/psql" -XqAt -v ON_ERROR_STOP=1 -h "$1" -p "$2" -U postgres -d "$3" 9>&-
}

# is_standby: a fenced primary has the file of a standby too, and is none
is_standby() { [ -f "$data/standby.signal" ] && ! is_read_only "$data"; }

# say_in DATABASE: says what comes in to the server where it runs; where it does not, to a single process without a door, and to a standby,
# which a single process cannot read, by a server that nobody else reaches
say_in() {
  if alive "$pid" "$directory"; then psql_at "$(value unix_socket_directories)" "$(value port)" "$1"
  elif is_standby; then psql_at "$work" "$(value port)" "$1"
  else
    ! is_read_only "$data" || rm -f -- "$data/standby.signal" # a single process cannot be a standby
    as "$user" "$binaries/postgres" --single -j -D "$data" -c config_file="$directory/conf/postgresql.conf" -c logging_collector=off \
      -c archive_mode=off -c synchronous_standby_names= -c wal_keep_size=1000000 -c default_transaction_read_only=on -c exit_on_error=on "$1" 9>&-
  fi
}

# open_standby, close_standby: a stopped standby reads its own log and nothing else, and shows its rows on a socket of its own
own="-c config_file='$directory/conf/postgresql.conf' -c listen_addresses='' -c unix_socket_directories='$work' -c ssl=off -c logging_collector=off"
own="$own -c primary_conninfo='' -c primary_slot_name='' -c restore_command='' -c recovery_target_timeline=current -c archive_mode=off -c hot_standby=on -c wal_keep_size=1000000"
open_standby() {
  { is_standby && ! alive "$pid" "$directory"; } || return 0
  as "$user" "$binaries/pg_ctl" -D "$data" -w -t 300 -l "$work/server.log" -o "$own" start >/dev/null 9>&- ||
    { say "ERROR: the stopped standby cannot be opened to read its rows: $(as "$user" grep -E 'FATAL|PANIC' "$work/server.log" | tail -n 1)"; return 1; }
  wait_for_replay
}
wait_for_replay() { # all of its log, so that the rows are those of its end
  tries=600
  while [ "$(printf 'SELECT pg_last_wal_replay_lsn() >= %s;' "'$end'" | psql_at "$work" "$(value port)" postgres)" != t ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { say "ERROR: the stopped standby does not replay its log up to $end"; return 1; }
    sleep 0.5
  done
}
close_standby() {
  { is_standby && ! alive "$pid" "$directory"; } || return 0
  as "$user" "$binaries/pg_ctl" -D "$data" -w -t 300 -m fast stop >/dev/null 9>&-
}

folder="SET holdfast.folder = '$(quoted "$work")';$newline$newline"
rows() {
  [ -s "$work/ids" ] || return 0
  open_standby || return 1
  printf "COPY (SELECT oid, datname FROM pg_database WHERE datallowconn AND datname !~ E'\\\\n') TO '%s/databases';\n\n" \
    "$(quoted "$work")" | say_in postgres || return 1
  databases=$(as "$user" cat -- "$work/databases")
  while read -r oid database <&3; do
    [ -n "$oid" ] || continue
    as "$user" sed -n "s/^$oid //p" "$work/touched" | put_as "$user" "$work/files" 0600
    [ ! -s "$work/files" ] || printf '%s%s\n\n' "$folder" "$rows" | say_in "$database" || return 1
  done 3<<END
$databases
END
}
if [ -z "$trouble" ]; then
  rows >"$kept.new/rows.log" 2>&1 || trouble=$(grep -E 'FATAL|ERROR' "$kept.new/rows.log" | head -n 1)
  close_standby >>"$kept.new/rows.log" 2>&1 || trouble="the stopped standby that was opened to read its rows does not stop"
fi
[ ! -f "$work/server.log" ] || as "$user" cat -- "$work/server.log" >"$kept.new/server.log"
as "$user" sh -c 'cat -- "$1"/tables-*' sh "$work" >"$kept.new/tables" 2>/dev/null || true
count=$(awk -F'\t' '{rows += $1} END {print rows + 0}' "$kept.new/tables")
for file in "$work"/*.csv; do
  [ ! -f "$file" ] || [ -L "$file" ] || mv -- "$file" "$kept.new/"
done
rm -rf -- "$work"
[ ! -f "$directory/fence" ] || alive "$pid" "$directory" || start_read_only "$data"
told="$count rows in $(wc -l <"$kept.new/tables") files: the rows that its commits wrote, as they were in the end, one file per table."
[ -z "$trouble" ] || told="Not complete: $trouble"
printf '%s\n' "What only this server has: timeline, first and last position of its log" "$pieces" \
  "log.txt: the log in words, by pg_waldump. $commits commits are in it, and $(grep -c 'desc: DELETE' "$kept.new/log.txt" || true) deleted rows." \
  "tables: the number of rows, the file, the database and the table, a tab between them." "$told" >"$kept.new/README"
printf '%s\t%s\n' "$count" "$commits" >"$kept.new/count"
if [ -n "$trouble" ]; then
  printf '%s\t%s\n' "$name" "$trouble" >"$directory/unread"
else
  rm -f -- "$directory/unread"
fi
mv -T -- "$kept.new" "$kept"
[ -z "$trouble" ] || fail "$trouble"
