# Appends a line to a member's history of primaries and synchronous standbys, unless it is already the last one.
# directory, line
[ -d "$directory" ] || exit 0
file=$directory/history
[ "$(tail -n 1 -- "$file" 2>/dev/null || true)" != "$line" ] || exit 0
draft=$(mktemp -- "$directory/.history.XXXXXX")
chmod 0644 -- "$draft"
{ tail -n 999 -- "$file" 2>/dev/null || true; printf '%s\n' "$line"; } >"$draft"
sync -- "$draft"
mv -f -- "$draft" "$file"
