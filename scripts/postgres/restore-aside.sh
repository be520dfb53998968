# Keeps a stopped member's data aside, whole, before another moment is brought back into its place.
# directory, name (of the folder below kept/)
user=$(server_user postgres)
data=$directory/data
alone 60
must_be_stopped "$data/postmaster.pid" "$directory"
[ -d "$data" ] || exit 0
mkdir -p -m 0700 -- "$directory/kept/$name"
[ ! -e "$directory/kept/$name/data" ] || fail "$directory/kept/$name/data is there already"
# tablespaces first, each next to where it is, on its own file system: location, and where it is kept
own=$(own_spaces "$data")
for link in "$data/pg_tblspc/"*; do
  [ -L "$link" ] || continue
  location=$(readlink -- "$link")
  place=$location.$name
  [ "$(stat -L -c %U -- "$location")" = "$user" ] || fail "$location does not belong to $user"
  grep -qsxF -- "$location$tab$place" "$directory/kept/$name/tablespaces" ||
    printf '%s\t%s\n' "$location" "$place" >>"$directory/kept/$name/tablespaces"
  sync -- "$directory/kept/$name/tablespaces"
  # only the folder itself is made here: what is moved is moved by the server's user, who has put the link there
  if [ ! -d "$place" ] || [ -L "$place" ]; then
    mkdir -m 0700 -- "$place"
    chown -h -- "$user" "$place"
  fi
  for inside in "$location/$own"*; do
    [ ! -e "$inside" ] || as "$user" mv -- "$inside" "$place/"
  done
done
mv -T -- "$data" "$directory/kept/$name/data"
