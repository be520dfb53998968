# Makes a new database cluster, whole or not at all: it is built beside its place and moved there when complete.
# directory, binaries, superuser, password (the superuser's), flush (yes|no: whether it must survive a power cut at once)
user=$(server_user postgres)
data=$directory/data
alone 300
[ ! -f "$data/PG_VERSION" ] || exit 0
rm -rf -- "$data.new"
secret=$directory/run/.password
trap 'rm -f -- "$secret"' EXIT
install -m 0600 -o "$user" /dev/null "$secret"
printf '%s\n' "$password" >"$secret"
[ "$flush" = yes ] && nosync= || nosync=--no-sync
as "$user" "$binaries/initdb" -D "$data.new" -U "$superuser" --pwfile="$secret" --data-checksums --encoding=UTF8 \
  --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 --no-instructions $nosync \
  >"$directory/log/initdb.log" 2>&1 || fail "initdb: $(grep -i error "$directory/log/initdb.log" || tail -n 3 "$directory/log/initdb.log")"
printf '# Not read: the configuration is in %s/conf\n' "$directory" >"$data.new/postgresql.conf"
mv -T -- "$data.new" "$data"
[ "$flush" = no ] || sync -- "$directory"
