# Records a forced failover in the directory of a surviving member.
# directory, mark: the expected mark of the directory; text: the line
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
grep -qxF -- "$text" "$directory/holdfast.failovers" 2>/dev/null && exit 0
printf '%s\n' "$text" >>"$directory/holdfast.failovers"
sync -- "$directory/holdfast.failovers"
