# Clones the primary into a member's directory atomically: it builds the copy in a temporary directory and moves it when complete.
# directory, binaries, address and port (the primary's), replicator (role name), slot, flush (yes|no)
user=$(server_user postgres)
data=$directory/data
alone 36000
[ ! -f "$data/PG_VERSION" ] || exit 0
# pg_basebackup copies a tablespace only into an empty directory: the links of an interrupted copy name the directories to clear
major=$("$binaries/postgres" --version | sed 's/.*) //; s/[^0-9].*//')
for link in "$data.new/pg_tblspc/"*; do
  [ -L "$link" ] || continue
  for inside in "$(readlink -- "$link")/PG_${major}_"*; do
    [ ! -e "$inside" ] || as "$user" rm -rf -- "$inside"
  done
done
rm -rf -- "$data.new"
new_data
[ "$flush" = yes ] && nosync= || nosync=--no-sync
# shellcheck disable=SC2086 # an option or nothing
output_to "$directory/log/clone.log" env -u PGPASSWORD PGREQUIREAUTH=scram-sha-256 PGPASSFILE="$directory/conf/pgpass" PGCONNECT_TIMEOUT=5 "$binaries/pg_basebackup" -D "$data.new" \
  -h "$address" -p "$port" -U "$replicator" -w -S "$slot" -X stream -c fast $nosync ||
  fail "pg_basebackup: $(as "$user" grep -i error "$directory/log/clone.log" || as "$user" tail -n 3 "$directory/log/clone.log")"
not_read "$data.new"
no_auto_conf "$data.new"
as "$user" touch -- "$data.new/standby.signal"
mv -T -- "$data.new" "$data"
[ "$flush" = no ] || sync -- "$directory"
