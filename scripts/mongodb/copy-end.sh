# The member is unlocked: nobody needs to look after it any more.
# directory: the member's folder
rm -f -- "$directory/run/copying" "$directory/run/copying.pid" "$directory/run/copy-guard"
