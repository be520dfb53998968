# Removes what nodes leave behind in the estate's folder: the lock's file and empty folders. Anything else stays.
# directory: the estate's folder
rm -f -- "$directory/.lock" "$directory/.lock.owner" "$directory/.maintenance" "$directory/.maintenance.lock"
find "$directory" -depth -type d -empty -delete 2>/dev/null || true
