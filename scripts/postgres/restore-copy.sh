# Brings a base copy into a folder that has no data, whole or not at all: it is built beside its place and moved there.
# directory, system, stanza, label (of the base copy), order (one line, kept in the file restoring), processes
# config: how to read the repository; @system@ stands for the system identifier
user=$(server_user postgres)
data=$directory/data
file=$directory/conf/pgbackrest-restore.conf
alone 36000
[ ! -f "$data/PG_VERSION" ] || exit 0
draft=$(mktemp -- "$directory/conf/.pgbackrest.XXXXXX")
chmod 0600 -- "$draft"
chown -- "$user" "$draft"
printf '%s\n' "$config" | sed "s/@system@/$system/" >"$draft"
mv -f -- "$draft" "$file"
printf '%s\n' "$order" >"$directory/restoring.new"
sync -- "$directory/restoring.new"
mv -f -- "$directory/restoring.new" "$directory/restoring"
rm -f -- "$directory/restored" "$directory/log/restore.log"
rm -rf -- "$data.new"
as "$user" mkdir -m 0700 -- "$data.new"
as "$user" pgbackrest --config="$file" --stanza="$stanza" --pg1-path="$data.new" --set="$label" --type=none \
  --process-max="$processes" restore >"$directory/log/copy.log" 2>&1 9>&- ||
  fail "pgbackrest restore: $(grep -E 'ERROR|HINT' "$directory/log/copy.log" | head -n 4 || tail -n 3 "$directory/log/copy.log")"
printf '# Not read: the configuration is in %s/conf\n' "$directory" >"$data.new/postgresql.conf"
: >"$data.new/postgresql.auto.conf"
rm -f -- "$data.new/standby.signal"
as "$user" touch -- "$data.new/recovery.signal"
mv -T -- "$data.new" "$data"
