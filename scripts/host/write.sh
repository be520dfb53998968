# Writes a file atomically.
# path, content, mode (octal), owner (empty: this user)
folder=$(dirname -- "$path")
[ -d "$folder" ] || fail "there is no directory $folder"
draft=$(mktemp -- "$folder/.holdfast.XXXXXX")
trap 'rm -f -- "$draft"' EXIT
chmod -- "$mode" "$draft"
printf '%s' "$content" >"$draft"
if [ -n "$owner" ] && [ "$owner" != "$(id -un)" ]; then chown -- "$owner" "$draft"; fi
sync -- "$draft"
mv -f -- "$draft" "$path"
trap - EXIT
