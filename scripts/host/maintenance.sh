# Records on this host that a cluster is in maintenance, or removes the record.
# directory (the estate's directory), cluster, line (cluster, since and reason, separated by a tab; empty: removes the record)
file=$directory/.maintenance
exec 9>>"$directory/.maintenance.lock"
flock -w 10 9 || fail "another script still works in $directory"
draft=$(mktemp -- "$directory/.maintenance.XXXXXX")
chmod 0644 -- "$draft"
awk -F'\t' -v cluster="$cluster" '$1 != cluster' "$file" 2>/dev/null >"$draft" || true
[ -z "$line" ] || printf '%s\n' "$line" >>"$draft"
sync -- "$draft"
if [ -s "$draft" ]; then mv -f -- "$draft" "$file"; else rm -f -- "$draft" "$file"; fi
