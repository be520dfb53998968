# Writes a file atomically.
# path, content, mode (octal), owner (empty: this user; =: that of the present file)
folder=$(dirname -- "$path")
[ -d "$folder" ] || fail "there is no directory $folder"
if [ "$owner" = = ]; then owner=$(stat -c %U -- "$path" 2>/dev/null) || owner=; fi
draft=$(mktemp -- "$folder/.holdfast.XXXXXX")
trap 'rm -f -- "$draft"' EXIT
chmod -- "$mode" "$draft"
printf '%s' "$content" >"$draft"
if [ -n "$owner" ] && [ "$owner" != "$(id -un)" ]; then chown -- "$owner" "$draft"; fi
sync -- "$draft"
mv -f -- "$draft" "$path"
trap - EXIT
