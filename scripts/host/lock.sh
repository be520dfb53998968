# Holds the estate's lock on a host for as long as standard input stays open; prints "locked" when it holds the lock.
# directory: the estate's directory; owner: one line that names the owner of the lock
# lease: after that many seconds without a line on standard input the lock ends too, and each line is sent back, because a lost
#   connection ends nothing by itself; empty: only the end of standard input ends the lock
# Ends with code 8 and the owner's line when another run holds it.
mkdir -p -- "$directory"
exec 9>>"$directory/.lock"
# The owner of a killed run needs a moment to end, and the guard of a running copy takes the lock for an instant.
if ! flock -w 3 9; then
  cat -- "$directory/.lock.owner" >&2 2>/dev/null || say "unknown"
  exit 8
fi
printf '%s\n' "$owner" >"$directory/.lock.owner"
echo locked
if [ -z "$lease" ]; then
  cat >/dev/null
else
  while word=$(timeout "$lease" head -n 1 9>&-) && [ -n "$word" ]; do printf '%s\n' "$word"; done
fi
rm -f -- "$directory/.lock.owner"
