# Copies the primary into a member's place, whole or not at all: it is built beside its place and moved there when complete.
# directory, binaries, address and port (the primary's), replicator (role name), slot, flush (yes|no)
user=$(server_user postgres)
data=$directory/data
alone 36000
[ ! -f "$data/PG_VERSION" ] || exit 0
rm -rf -- "$data.new"
[ "$flush" = yes ] && nosync= || nosync=--no-sync
as "$user" env -u PGPASSWORD PGPASSFILE="$directory/conf/pgpass" PGCONNECT_TIMEOUT=5 "$binaries/pg_basebackup" -D "$data.new" \
  -h "$address" -p "$port" -U "$replicator" -w -S "$slot" -X stream -c fast $nosync \
  >"$directory/log/clone.log" 2>&1 || fail "pg_basebackup: $(grep -i error "$directory/log/clone.log" || tail -n 3 "$directory/log/clone.log")"
printf '# Not read: the configuration is in %s/conf\n' "$directory" >"$data.new/postgresql.conf"
: >"$data.new/postgresql.auto.conf"
as "$user" touch -- "$data.new/standby.signal"
mv -T -- "$data.new" "$data"
[ "$flush" = no ] || sync -- "$directory"
