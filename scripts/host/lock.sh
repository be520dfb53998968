# Holds the estate's lock on a host for as long as standard input stays open; says "locked" when it has it.
# directory: the estate's folder; owner: one line that tells who holds it
# lease: after so many seconds without a line on standard input the lock goes too, and each line is said back: a line that
#   is cut ends nothing by itself; empty: only the end of standard input ends it
# Ends with code 8 and the owner's line when another run holds it.
mkdir -p -- "$directory"
exec 9>>"$directory/.lock"
# The holder of a killed run needs a moment to end, and one that looks after a copy tries the lock for an instant.
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
