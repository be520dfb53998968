# Removes what nodes leave in the estate's directory: the lock file and empty directories. Anything else remains.
# directory: the estate's directory
rm -f -- "$directory/.lock" "$directory/.lock.owner" "$directory/.maintenance" "$directory/.maintenance.lock"
find "$directory" -depth -type d -empty -delete 2>/dev/null || true
