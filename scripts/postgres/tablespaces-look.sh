# Reports the locations of the servers' tablespaces; changes nothing.
# nodes: one line per server: id <tab> directory
# Answers, fields separated by a tab: space ID OID LOCATION WHY, where WHY is the reason why it cannot be preserved next to its
# location, or empty
user=$(server_user postgres)
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  for link in "$directory/data/pg_tblspc/"*; do
    [ -L "$link" ] || continue
    location=$(readlink -- "$link")
    parent=$(dirname -- "$location")
    why=
    if [ ! -d "$location" ]; then why="it is not there"
    elif [ "$(stat -L -c %d -- "$location")" != "$(stat -L -c %d -- "$parent")" ]; then why="it is a file system of its own"
    elif [ "$(stat -L -c %U -- "$location")" != "$user" ]; then why="it does not belong to $user"
    elif [ ! -w "$parent" ]; then why="$(id -un) may not write to $parent"; fi
    printf 'space\t%s\t%s\t%s\t%s\n' "$id" "${link##*/}" "$location" "$why"
  done
done
