# Moves the files of a rollback out of a member's data directory into a separate directory, and lists them.
# directory, mark: the expected mark of the directory; name: the name of the new directory
# The list: collection <tab> documents <tab> file
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
from=$directory/data/rollback
to=$directory/rolled-back/$name
[ -d "$from" ] || exit 0
umask 077
owner_of "$directory"
account=$owner
mkdir -p -- "$to"
if [ "$account" != "$(id -un)" ]; then
  chmod 0711 -- "$directory/rolled-back"
  chown -- "$account" "$to"
fi

# documents FILE: counts documents by their lengths
documents() {
  as "$account" od -An -v -tu1 -w1 -- "$1" | awk '{
    if (at < 4) { length_ += $1 * 256 ^ at }
    at++
    if (at >= 4 && at == length_) { count++; at = 0; length_ = 0 }
  } END { print count + 0 }'
}

# collection FOLDER: the collection's name for that id, from the server log
collection() {
  case $1 in
    */*) echo "$1" ;;
    *) as "$account" grep -F "\"$1\"" "$directory/log/mongod.log" | grep -o '"namespace":"[^"]*"' | tail -n 1 | cut -d '"' -f 4 ;;
  esac
}

as "$account" sh -c 'cd "$1" && find . -type f -name "*.bson"' sh "$from" | sed 's|^\./||' | sort | while IFS= read -r file; do
  folder=${file%/*}
  named=$(collection "$folder")
  printf '%s\t%s\t%s\n' "${named:-$folder}" "$(documents "$from/$file")" "$to/$file"
done >"$directory/.rolled-back"
as "$account" tar -C "$from" -cf - . | as "$account" tar -C "$to" -xf -
put_as "$account" "$to/list" 0600 <"$directory/.rolled-back"
rm -f -- "$directory/.rolled-back"
rm -rf -- "$from"
