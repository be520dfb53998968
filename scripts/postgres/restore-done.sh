# Records in the directory that a restore was verified.
# directory, order (the line in the file restoring)
rm -f -- "$directory/fence" "$directory/conf/pgbackrest-restore.conf" "$directory/restoring.spaces"
printf '%s\n' "$order" >"$directory/restored.new"
mv -f -- "$directory/restored.new" "$directory/restored"
rm -f -- "$directory/restoring"
