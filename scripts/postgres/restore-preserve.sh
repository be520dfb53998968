# Moves a stopped member's complete data below kept/, before an in-place restore.
# directory, name (of the folder below kept/)
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
[ -d "$data" ] || exit 0
mkdir -p -m 0700 -- "$directory/kept/$name"
[ ! -e "$directory/kept/$name/data" ] || fail "$directory/kept/$name/data already exists"
keep_spaces "$data" "$directory/kept/$name" "$name"
mv -T -- "$data" "$directory/kept/$name/data"
