# Records the progress of a restore on disk.
# directory, mark: the expected mark of the directory; state, order
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
printf '%s %s\n' "$state" "$order" >"$directory/holdfast.restore.new"
sync -- "$directory/holdfast.restore.new"
mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
[ "$state" != verified ] || rm -f -- "$directory/holdfast.kept" # a verified restore cannot be undone
