# Leaves a line about a forced failover with a member that survived it.
# directory, mark: what the directory's mark must say; text: the line
[ "$(cat -- "$directory/holdfast.node")" = "$mark" ] || fail "$directory belongs to $(cat -- "$directory/holdfast.node")"
grep -qxF -- "$text" "$directory/holdfast.failovers" 2>/dev/null && exit 0
printf '%s\n' "$text" >>"$directory/holdfast.failovers"
sync -- "$directory/holdfast.failovers"
