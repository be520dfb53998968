# Notes that a restore was verified, in its folder and, where the repository is, beside the backups.
# directory, order (the line in the file restoring), folder (of the repositories), moment (RFC 3339: when it was verified)
user=$(server_user postgres)
rm -f -- "$directory/fence" "$directory/conf/pgbackrest-restore.conf"
if [ -d "$folder" ]; then
  draft=$(mktemp -- "$folder/.proven.XXXXXX")
  printf '%s %s\n' "$moment" "$order" >"$draft"
  chmod 0644 -- "$draft"
  mv -f -- "$draft" "$folder/proven"
fi
printf '%s\n' "$order" >"$directory/restored.new"
mv -f -- "$directory/restored.new" "$directory/restored"
rm -f -- "$directory/restoring"
