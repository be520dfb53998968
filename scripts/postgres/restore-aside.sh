# Keeps a stopped member's data aside, whole, before another moment is brought back into its place.
# directory, name (of the folder below kept/)
data=$directory/data
alone 60
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
! alive "$pid" "$directory" || fail "the server runs"
[ -d "$data" ] || exit 0
mkdir -p -m 0700 -- "$directory/kept/$name"
[ ! -e "$directory/kept/$name/data" ] || fail "$directory/kept/$name/data is there already"
mv -T -- "$data" "$directory/kept/$name/data"
