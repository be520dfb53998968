# Preserves what only this server has: its WAL since it diverged, the WAL as text, and the rows of its commits.
# directory, binaries, name (of the folder below kept/)
# pieces: one line per timeline that only it has, with the first and last LSN (- if unknown): TIMELINE FROM TO
# rows (the statements that export the rows)
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

# keep_log TIMELINE FROM TO: preserves the segments of one timeline, and their text; fails with the reason when they cannot be read to
# the end
keep_log() {
  bytes=$(segment_size "$binaries" "$data")
  wal_from "$binaries" "$data" "$1" "$2" 3000 ${3:+"$3"} >"$kept.new/piece.txt" 2>"$kept.new/piece.end" || true
  cat -- "$kept.new/piece.txt" >>"$kept.new/log.txt"
  cat -- "$kept.new/piece.end" >>"$kept.new/log.end"
  end=$(cat -- "$kept.new/piece.txt" "$kept.new/piece.end" | wal_end "$bytes")
  if [ -z "$end" ]; then
    wal_ends_at "$binaries" "$data" "$1" "$2" 3000 || { say "the WAL of timeline $1 from $2 on cannot be read: $(tail -n 1 -- "$kept.new/piece.end")"; return 1; }
    end=$2
  fi
  if [ -z "$3" ]; then
    # a stopped server shows the minimum end of its WAL
    least=$("$binaries/pg_controldata" "$data" 2>/dev/null | awk -F': +' -v timeline="$1" '
      /^Latest checkpoint location/ {at = $2} /^Latest checkpoint.s TimeLineID/ && $2 == timeline {print at}' )
    [ -z "$least" ] || [ "$(wal_number "$least")" -le "$(wal_number "$end")" ] ||
      { say "the WAL of timeline $1 is readable only up to $end, but ends at $least or later"; return 1; }
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
  # as the decision counts them; all of them if that takes too long
  counted=$(wal_sum "$binaries" "$data" "$timeline" "$from" "$to" 2>/dev/null | sed -n "s/^commits$tab//p")
  commits=$((commits + ${counted:-$(grep -c 'desc: COMMIT' "$kept.new/log.txt" || true)}))
done <<END
$pieces
END
rm -f -- "$kept.new/piece.txt" "$kept.new/piece.end" "$kept.new/trouble"

# its commits: all transaction ids, with those of subtransactions
mkdir -m 0700 -- "$work"
awk '/desc: COMMIT(_PREPARED)? / {
    if (match($0, /desc: COMMIT_PREPARED [0-9]+/)) print substr($0, RSTART + 22, RLENGTH - 22)
    else if (match($0, /tx: *[0-9]+/)) {x = substr($0, RSTART, RLENGTH); sub(/tx: */, "", x); print x}
    if (match($0, /subxacts:[ 0-9]+/)) {n = split(substr($0, RSTART + 9, RLENGTH - 9), s, " "); for (i = 1; i <= n; i++) print s[i]}
  }' "$kept.new/log.txt" >"$work/ids"
# the files of modified tables, with their databases
awk '/^rmgr: (Heap|XLOG)/ {
    line = $0
    while (match(line, /rel [0-9]+\/[0-9]+\/[0-9]+/)) {split(substr(line, RSTART + 4, RLENGTH - 4), f, "/"); print f[2], f[3]; line = substr(line, RSTART + RLENGTH)}
  }' "$kept.new/log.txt" | sort -u >"$work/touched"
chown -R -- "$user" "$work"

conf=$directory/conf/postgresql.conf
[ ! -f "$directory/conf/patroni.yml" ] || conf=$data/postgresql.conf # Patroni writes it
value() { sed -n "s/^$1 = '\(.*\)'\$/\1/p" "$conf" | tail -n 1; }
look_at "$data/postmaster.pid" "$directory"
[ "$process" != unknown ] || fail "$unseen"
reaped "$directory"

quoted() { printf '%s' "$1" | sed "s/'/''/g"; }

# psql_at FOLDER PORT DATABASE: runs standard input on the server with that socket
psql_at() {
  as "$user" env -u PGPASSWORD PGOPTIONS= "$binaries/psql" -XqAt -v ON_ERROR_STOP=1 -h "$1" -p "$2" -U postgres -d "$3" 9>&-
}

# is_standby: excludes a fenced primary, which also has the file of a standby
is_standby() { [ -f "$data/standby.signal" ] && ! is_read_only "$data"; }

# say_in DATABASE: runs standard input on the running server. On a stopped server it uses single-user mode; single-user mode cannot read
# a standby, so it starts a standby without network access.
say_in() {
  if alive "$pid" "$directory"; then psql_at "$(value unix_socket_directories)" "$(value port)" "$1"
  elif is_standby; then psql_at "$work" "$(value port)" "$1"
  else
    ! is_read_only "$data" || rm -f -- "$data/standby.signal" # a single process cannot be a standby
    as "$user" "$binaries/postgres" --single -j -D "$data" -c config_file="$conf" -c logging_collector=off \
      -c archive_mode=off -c synchronous_standby_names= -c wal_keep_size=1000000 -c default_transaction_read_only=on -c exit_on_error=on "$1" 9>&-
  fi
}

# open_standby, close_standby: a stopped standby replays only its own WAL and serves its rows on a private socket
own="-c config_file='$conf' -c listen_addresses='' -c unix_socket_directories='$work' -c ssl=off -c logging_collector=off"
own="$own -c primary_conninfo='' -c primary_slot_name='' -c restore_command='' -c recovery_target_timeline=current -c archive_mode=off -c hot_standby=on -c wal_keep_size=1000000"
open_standby() {
  { is_standby && ! alive "$pid" "$directory"; } || return 0
  as "$user" "$binaries/pg_ctl" -D "$data" -w -t 300 -l "$work/server.log" -o "$own" start >/dev/null 9>&- ||
    { say "ERROR: the stopped standby cannot be opened to read its rows: $(as "$user" grep -E 'FATAL|PANIC' "$work/server.log" | tail -n 1)"; return 1; }
  wait_for_replay
}
wait_for_replay() { # all of its WAL, so that the rows are the final ones
  tries=600
  while [ "$(printf 'SELECT pg_last_wal_replay_lsn() >= %s;' "'$end'" | psql_at "$work" "$(value port)" postgres)" != t ]; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { say "ERROR: the stopped standby does not replay its WAL up to $end"; return 1; }
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
summary="$count rows in $(wc -l <"$kept.new/tables") files: the final state of the rows that its commits wrote, one file per table."
[ -z "$trouble" ] || summary="Not complete: $trouble"
printf '%s\n' "WAL that only this server has: timeline, first and last LSN" "$pieces" \
  "log.txt: the WAL as text, from pg_waldump. It has $commits commits and $(grep -c 'desc: DELETE' "$kept.new/log.txt" || true) deleted rows." \
  "tables: the number of rows, the file, the database and the table, separated by tabs." "$summary" >"$kept.new/README"
printf '%s\t%s\n' "$count" "$commits" >"$kept.new/count"
if [ -n "$trouble" ]; then
  printf '%s\t%s\n' "$name" "$trouble" >"$directory/unread"
else
  rm -f -- "$directory/unread"
fi
mv -T -- "$kept.new" "$kept"
[ -z "$trouble" ] || fail "$trouble"
