# Records the progress of a restore on disk.
# directory, mark: the expected mark of the directory; state, order
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
record_restore "$state" "$order"
[ "$state" != verified ] || rm -f -- "$directory/holdfast.kept" # a verified restore cannot be undone
