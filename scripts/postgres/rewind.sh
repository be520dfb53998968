# Rewinds a stopped server to where the primary left its timeline, and makes it a standby. Never done twice: a second
# pg_rewind finds nothing to do on a folder that is not whole, so a mark stays until the first has ended.
# directory, binaries, address, port and rewinder (of the primary), flush (yes|no), name (of this rewind)
user=$(server_user postgres)
data=$directory/data
alone 60
[ ! -e "$directory/rewind" ] || fail "a rewind was begun there before: $(cat -- "$directory/rewind")"
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
! alive "$pid" "$directory" || fail "the server runs"
reaped "$pid"
rm -f -- "$data/standby.signal"
printf 'from %s:%s\n' "$address" "$port" >"$directory/rewind"
sync -- "$directory/rewind"
[ "$flush" = yes ] && nosync= || nosync=--no-sync
cd "$data"
as "$user" env -u PGPASSWORD PGPASSFILE="$directory/conf/pgpass" PGCONNECT_TIMEOUT=5 "$binaries/pg_rewind" --target-pgdata="$data" \
  --source-server="host=$address port=$port user=$rewinder dbname=postgres" $nosync >"$directory/log/rewind.log" 2>&1 ||
  fail "pg_rewind: $(grep -iE 'error|fatal' "$directory/log/rewind.log" || tail -n 3 "$directory/log/rewind.log")"
printf '# Not read: the configuration is in %s/conf\n' "$directory" >"$data/postgresql.conf"
: >"$data/postgresql.auto.conf"
as "$user" touch -- "$data/standby.signal"
sync -- "$data/standby.signal"
printf '%s\n' "$name" >"$directory/rewound"
rm -f -- "$directory/fence" "$directory/rewind"
