# Ends the guard process of a member after the member was unlocked.
# directory: the member's directory
rm -f -- "$directory/.copying" "$directory/.copying.pid" "$directory/.copy-guard"
