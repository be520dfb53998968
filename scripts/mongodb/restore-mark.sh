# Writes down how far a restore is, on disk.
# directory, mark: what the directory's mark must say; state, order
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
printf '%s %s\n' "$state" "$order" >"$directory/holdfast.restore.new"
sync -- "$directory/holdfast.restore.new"
mv -f -- "$directory/holdfast.restore.new" "$directory/holdfast.restore"
[ "$state" != verified ] || rm -f -- "$directory/holdfast.kept" # there is nothing to undo any more
