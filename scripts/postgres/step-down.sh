# Stops a primary that hands its part over; it is not started by accident until that is done or taken back.
# directory, mark (one line that tells why; kept in the file fence), seconds (how long the stop may take)
data=$directory/data
alone 5
draft=$(mktemp -- "$directory/.fence.XXXXXX")
chmod 0644 -- "$draft"
printf '%s\n' "$mark" >"$draft"
sync -- "$draft"
mv -f -- "$draft" "$directory/fence"
pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null || true)
alive "$pid" "$directory" || exit 0
kill -INT "$pid"
tries=$((seconds * 50))
while alive "$pid" "$directory"; do
  [ "$tries" -gt 0 ] || fail "the server did not stop within $seconds s"
  tries=$((tries - 1))
  sleep 0.015
done
