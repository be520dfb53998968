# Puts a file in place, whole or not at all.
# path, content, mode (octal), owner (empty: whoever runs this)
folder=$(dirname -- "$path")
[ -d "$folder" ] || fail "there is no folder $folder"
draft=$(mktemp -- "$folder/.holdfast.XXXXXX")
trap 'rm -f -- "$draft"' EXIT
chmod -- "$mode" "$draft"
printf '%s' "$content" >"$draft"
if [ -n "$owner" ] && [ "$owner" != "$(id -un)" ]; then chown -- "$owner" "$draft"; fi
sync -- "$draft"
mv -f -- "$draft" "$path"
trap - EXIT
