# Creates the empty data directory that Patroni fills: the servers' user has no write access to the member's directory.
# directory
user=$(server_user postgres)
[ ! -d "$directory/data" ] || exit 0
mkdir -m 0700 -- "$directory/data"
chown -- "$user" "$directory/data"
