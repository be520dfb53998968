# Rewinds a stopped server to the fork from its timeline, and makes it a standby. It never runs twice: a second pg_rewind finds nothing
# to do on an inconsistent directory, so a mark stays until the first one has finished.
# directory, binaries, address, port and rewinder (of the primary), flush (yes|no), name (of this rewind)
user=$(server_user postgres)
data=$directory/data
alone 60
[ ! -e "$directory/rewind" ] || fail "an earlier rewind was started there: $(cat -- "$directory/rewind")"
must_be_stopped "$data/postmaster.pid" "$directory"
reaped "$directory"
rm -f -- "$data/standby.signal"
printf 'from %s:%s\n' "$address" "$port" >"$directory/rewind"
sync -- "$directory/rewind"
[ "$flush" = yes ] && nosync= || nosync=--no-sync
cd "$data"
# shellcheck disable=SC2086 # an option or nothing
output_to "$directory/log/rewind.log" env -u PGPASSWORD PGREQUIREAUTH=scram-sha-256 PGPASSFILE="$directory/conf/pgpass" PGCONNECT_TIMEOUT=5 "$binaries/pg_rewind" --target-pgdata="$data" \
  --source-server="host=$address port=$port user=$rewinder dbname=postgres" $nosync ||
  fail "pg_rewind: $(as "$user" grep -iE 'error|fatal' "$directory/log/rewind.log" || as "$user" tail -n 3 "$directory/log/rewind.log")"
# Newer PostgreSQL leaves segments of the abandoned timeline: they must not be taken for the present one.
newest=$("$binaries/pg_controldata" "$data" | awk -F': +' '/TimeLineID: |ending loc.s timeline/ && $1 !~ /Prev/ && $2 + 0 > newest {newest = $2 + 0} END {printf "%08X", newest}')
for file in "$data/pg_wal/"???????????????????????? "$data/pg_wal/"????????.history; do
  number=${file##*/}
  ! expr "x${number%"${number#????????}"}" '>' "x$newest" >/dev/null || as "$user" rm -f -- "$file"
done
not_read "$data"
no_auto_conf "$data"
make_standby "$user" "$data"
printf '%s\n' "$name" >"$directory/rewound"
rm -f -- "$directory/fence" "$directory/rewind"
