# Keeps a stopped member's data aside, whole, before another moment is brought back into its place.
# directory, name (of the folder below kept/)
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
[ -d "$data" ] || exit 0
mkdir -p -m 0700 -- "$directory/kept/$name"
[ ! -e "$directory/kept/$name/data" ] || fail "$directory/kept/$name/data is there already"
keep_spaces "$data" "$directory/kept/$name" "$name"
mv -T -- "$data" "$directory/kept/$name/data"
