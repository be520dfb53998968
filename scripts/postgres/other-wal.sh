# Records why only a new copy of the primary can replace the data of a standby. The proof is in its WAL, and the standby replaces that WAL
# as soon as the archive has the primary's.
# directory, why
draft=$(mktemp -- "$directory/.other-wal.XXXXXX")
chmod 0644 -- "$draft"
printf '%s\n' "$why" >"$draft"
sync -- "$draft"
mv -f -- "$draft" "$directory/other-wal"
