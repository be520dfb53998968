# Notes beside the backups that a restore out of them was verified.
# folder (of the repositories), order (the line in the file restoring), moment (RFC 3339: when it was verified)
[ -d "$folder" ] || exit 0
draft=$(mktemp -- "$folder/.proven.XXXXXX")
printf '%s %s\n' "$moment" "$order" >"$draft"
chmod 0644 -- "$draft"
mv -f -- "$draft" "$folder/proven"
