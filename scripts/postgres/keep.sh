# Keeps what only this server has: its log from where it left the others, the same in words, and the rows of its commits.
# directory, binaries, timeline, position (where the new primary left that timeline), name (of the folder below kept/)
# rows (the statements that write the rows out)
user=$(server_user postgres)
data=$directory/data
kept=$directory/kept/$name
work=$directory/run/rows
[ ! -f "$kept/README" ] || exit 0
alone 60
mkdir -p -m 0700 -- "$directory/kept"
rm -rf -- "$kept.new" "$work"
mkdir -m 0700 -- "$kept.new" "$kept.new/pg_wal"
"$binaries/pg_waldump" -p "$data/pg_wal" -t "$timeline" -s "$position" >"$kept.new/log.txt" 2>"$kept.new/log.end" || true
end=$(sed -n 's/.*invalid record length at \([0-9A-F]*\/[0-9A-F]*\).*/\1/p' "$kept.new/log.end")
segment() { # POSITION: the number of its segment within its 4 GiB
  printf '%08X%08X' "0x${1%/*}" "$((0x${1#*/} / 16777216))"
}
first=$(printf '%08X' "$timeline")$(segment "$position")
last=$(printf '%08X' "$timeline")$(segment "${end:-FFFFFFFF/FFFFFFFF}")
for file in "$data/pg_wal/$(printf '%08X' "$timeline")"????????????????; do
  number=${file##*/}
  if expr "$number" '>=' "$first" >/dev/null && expr "$number" '<=' "$last" >/dev/null; then
    cp -p -- "$file" "$kept.new/pg_wal/"
  fi
done

# its commits: every number of a transaction, with those of its subtransactions
mkdir -m 0700 -- "$work"
awk '/desc: COMMIT(_PREPARED)? / {
    if (match($0, /desc: COMMIT_PREPARED [0-9]+/)) print substr($0, RSTART + 22, RLENGTH - 22)
    else if (match($0, /tx: *[0-9]+/)) {x = substr($0, RSTART, RLENGTH); sub(/tx: */, "", x); print x}
    if (match($0, /subxacts:[ 0-9]+/)) {n = split(substr($0, RSTART + 9, RLENGTH - 9), s, " "); for (i = 1; i <= n; i++) print s[i]}
  }' "$kept.new/log.txt" >"$work/ids"
# the files of tables that were written to, with their databases
awk '/^rmgr: Heap/ {
    line = $0
    while (match(line, /rel [0-9]+\/[0-9]+\/[0-9]+/)) {split(substr(line, RSTART + 4, RLENGTH - 4), f, "/"); print f[2], f[3]; line = substr(line, RSTART + RLENGTH)}
  }' "$kept.new/log.txt" | sort -u >"$work/touched"
chown -R -- "$user" "$work"

value() { sed -n "s/^$1 = '\(.*\)'\$/\1/p" "$directory/conf/postgresql.conf" | tail -n 1; }
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
reaped "$pid"

# say_in DATABASE: says what comes in to the server where it runs; where it does not, to a single process without a door
say_in() {
  if alive "$pid" "$directory"; then
    as "$user" env -u PGPASSWORD "$binaries/psql" -XqAt -v ON_ERROR_STOP=1 -h "$(value unix_socket_directories)" -p "$(value port)" \
      -U postgres -d "$1" 9>&-
  else
    as "$user" "$binaries/postgres" --single -j -D "$data" -c config_file="$directory/conf/postgresql.conf" -c logging_collector=off \
      -c archive_mode=off -c synchronous_standby_names= -c default_transaction_read_only=on -c exit_on_error=on "$1" 9>&-
  fi
}
folder="SET holdfast.folder = '$(printf '%s' "$work" | sed "s/'/''/g")';$newline$newline"
rows() {
  [ -s "$work/ids" ] || return 0
  printf "COPY (SELECT oid, datname FROM pg_database WHERE datallowconn AND datname !~ E'\\\\n') TO '%s/databases';\n\n" \
    "$(printf '%s' "$work" | sed "s/'/''/g")" | say_in postgres || return 1
  while read -r oid database <&3; do
    sed -n "s/^$oid //p" "$work/touched" >"$work/files"
    chown -- "$user" "$work/files"
    [ ! -s "$work/files" ] || printf '%s%s\n\n' "$folder" "$rows" | say_in "$database" || return 1
  done 3<"$work/databases"
}
if rows >"$kept.new/rows.log" 2>&1; then
  told='*.csv: the rows that its commits wrote, as they were in the end, one file per table.'
else
  told="The rows could not be written out: $(grep -E 'FATAL|ERROR' "$kept.new/rows.log" | head -n 1)"
  printf '%s\n' "$name" >"$directory/unread"
fi
for file in "$work"/*.csv; do
  [ ! -f "$file" ] || mv -- "$file" "$kept.new/"
done
rm -rf -- "$work"
printf '%s\n' "Log of timeline $timeline from $position${end:+ to $end}, which the new primary does not have." \
  "log.txt: the same in words, by pg_waldump. $(grep -c 'desc: COMMIT' "$kept.new/log.txt" || true) commits are in it, and $(grep -c 'desc: DELETE' "$kept.new/log.txt" || true) deleted rows." \
  "$told" >"$kept.new/README"
mv -T -- "$kept.new" "$kept"
[ ! -e "$directory/unread" ] || fail "$told"
