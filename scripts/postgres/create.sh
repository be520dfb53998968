# Creates a database cluster atomically: it builds the cluster in a temporary directory and moves it when complete.
# directory, binaries, superuser, password (the superuser's), flush (yes|no: whether it must survive a power failure immediately)
user=$(server_user postgres)
data=$directory/data
alone 300
[ ! -f "$data/PG_VERSION" ] || exit 0
rm -rf -- "$data.new"
secret=$(mktemp -- "$directory/conf/.password.XXXXXX")
trap 'rm -f -- "$secret"' EXIT
printf '%s\n' "$password" >"$secret"
chown -- "$user" "$secret"
new_data
[ "$flush" = yes ] && nosync= || nosync=--no-sync
# shellcheck disable=SC2086 # an option or nothing
output_to "$directory/log/initdb.log" "$binaries/initdb" -D "$data.new" -U "$superuser" --pwfile="$secret" --data-checksums --encoding=UTF8 \
  --locale=C.UTF-8 --auth-local=peer --auth-host=scram-sha-256 --no-instructions $nosync ||
  fail "initdb: $(as "$user" grep -i error "$directory/log/initdb.log" || as "$user" tail -n 3 "$directory/log/initdb.log")"
not_read "$data.new"
mv -T -- "$data.new" "$data"
[ "$flush" = no ] || sync -- "$directory"
