# Moves a stopped server's complete data directory below kept/, so that the server can be cloned again.
# directory, name (of the folder below kept/)
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
if [ -d "$data" ]; then
  mkdir -p -m 0700 -- "$directory/kept/$name"
  [ ! -e "$directory/kept/$name/data" ] || fail "$directory/kept/$name/data already exists"
  [ ! -f "$data/PG_VERSION" ] || keep_spaces "$data" "$directory/kept/$name" "$name"
  mv -T -- "$data" "$directory/kept/$name/data"
fi
rm -f -- "$directory/fence" "$directory/rewind" "$directory/unread" "$directory/other-wal"
