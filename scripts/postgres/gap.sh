# What the log of a server that does not run holds beyond a position; changes nothing.
# directory, binaries, timeline, position
# Answers, separated by a tab: end POSITION, commits NUMBER, first TIME and last TIME of those commits
data=$directory/data
dump() { timeout 15 "$binaries/pg_waldump" -p "$data/pg_wal" -t "$timeline" -s "$1" 2>&1 || true; }
said=$(dump "$position")
case $said in
  *"could not find a valid record after"*)
    # nothing is there to read: is that where the log ends? Then what lies before it in its segment ends right there.
    low=${position#*/}
    while [ ${#low} -lt 8 ]; do low=0$low; done
    ending=$(dump "${position%/*}/${low%??????}000000" | grep 'error in WAL record' | grep -F " at $position:" || true)
    [ -z "$ending" ] || said="invalid record length at $position"
    ;;
esac
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
