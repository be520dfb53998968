# Ends the guard process of a member after the member was unlocked.
# directory: the member's directory
rm -f -- "$directory/run/copying" "$directory/run/copying.pid" "$directory/run/copy-guard"
