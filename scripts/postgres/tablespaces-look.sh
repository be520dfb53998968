# Reports the locations of the servers' tablespaces; changes nothing.
# nodes: one line per server: id <tab> directory
# Records: found-space id oid location reason; reason: why it cannot be preserved next to its location, or empty
begin_records postgres/tablespaces-look
user=$(server_user postgres)
while IFS="$tab" read -r id directory; do
  for link in "$directory/data/pg_tblspc/"*; do
    [ -L "$link" ] || continue
    location=$(readlink -- "$link")
    parent=$(dirname -- "$location")
    why=
    if [ ! -d "$location" ]; then why="the directory does not exist"
    elif [ "$(stat -L -c %d -- "$location")" != "$(stat -L -c %d -- "$parent")" ]; then why="the directory is a file system of its own"
    elif [ "$(stat -L -c %U -- "$location")" != "$user" ]; then why="the directory does not belong to $user"
    elif [ ! -w "$parent" ]; then why="$(id -un) has no permission to write to $parent"; fi
    record found-space id "$id" oid "${link##*/}" location "$location" reason "$why"
  done
done <<END
$nodes
END
end_records
