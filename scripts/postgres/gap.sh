# What the log of a server that does not run holds beyond a position; changes nothing.
# directory, binaries, timeline, position
# Answers, separated by a tab: end POSITION, commits NUMBER, first TIME and last TIME of those commits
data=$directory/data
said=$(timeout 15 "$binaries/pg_waldump" -p "$data/pg_wal" -t "$timeline" -s "$position" 2>&1 || true)
printf '%s\n' "$said" | awk '
  match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/) {end = substr($0, RSTART + 5, RLENGTH - 5); records++}
  match($0, /invalid record length at [0-9A-F]+\/[0-9A-F]+/) {end = substr($0, RSTART + 25, RLENGTH - 25)}
  /desc: COMMIT / {
    commits++
    sub(/.*desc: COMMIT /, "")
    time = $1 " " $2
    if (commits == 1) first = time
    last = time
  }
  END {
    if (end == "") {print $0 > "/dev/stderr"; exit 1}
    print "end\t" end; print "commits\t" commits + 0; print "records\t" records + 0
    if (commits) {print "first\t" first; print "last\t" last}
  }'
