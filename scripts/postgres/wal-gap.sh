# Reports the WAL of a stopped or hanging server beyond the WAL of a standby; changes nothing.
# directory, binaries, timeline (of the standby), position (the end of the standby's WAL)
# Records: wal (of show_wal), and exposure waiters lived; waiters: sessions that can wait for a standby at the same time; lived: seconds
#   from the first commit to the last write of WAL, 0 without a commit
begin_records postgres/wal-gap
export TZ=UTC
wal=$directory/data/pg_wal
control=$("$binaries/pg_controldata" "$directory/data" 2>/dev/null)
setting() { printf '%s\n' "$control" | awk -F': +' -v key="$1" '$1 == key {print $2 + 0}'; }
size=$(setting 'Bytes per WAL segment')
[ "${size:-0}" -gt 0 ] || fail "the control file of $directory/data cannot be read"

number() { echo $(((0x${1%/*} * 4294967296 + 0x${1#*/}) / size)); } # POSITION: of its segment
file() { printf '%08X%08X%08X' "$1" $(($2 / (4294967296 / size))) $(($2 % (4294967296 / size))); } # TIMELINE NUMBER: name of a segment

newest=$(ls -- "$wal" | awk 'length($0) == 24 && /^[0-9A-F]+$/ {t = substr($0, 1, 8); if (t > most) most = t} END {print most}')
newest=$((0x${newest:-0}))
[ "$newest" -ge "$timeline" ] || fail "the WAL in $wal ends on timeline $newest, and the standby is on timeline $timeline"
descent=$timeline
history=$(cat -- "$wal/$(printf '%08X' "$newest").history" 2>/dev/null || true)
if [ "$newest" -gt "$timeline" ]; then
  fork=$(printf '%s\n' "$history" | awk -v on="$timeline" '$1 == on {print $2}')
  [ -n "$fork" ] || fail "timeline $newest does not descend from timeline $timeline"
  [ $((0x${position%/*} * 4294967296 + 0x${position#*/})) -le $((0x${fork%/*} * 4294967296 + 0x${fork#*/})) ] ||
    fail "timeline $newest left timeline $timeline at $fork, before $position"
  descent="$newest $(printf '%s\n' "$history" | awk -v on="$timeline" '$1 + 0 >= on {print $1}' | sort -rn)"
fi

# One directory with every segment from there on under the name of the newest timeline, and nothing else, so that pg_waldump reads
# across timelines.
line=$(mktemp -d)
trap 'rm -rf -- "$line"' EXIT
start=$(number "$position")
[ "$start" = 0 ] || start=$((start - 1)) # the previous segment shows whether the WAL ends at a segment boundary
earlier=$(printf '%s\n' "$history" | awk -v on="$timeline" '$1 + 0 > 0 && $1 + 0 < on {print $1}' | sort -rn)
next=$start
while :; do
  found=
  # shellcheck disable=SC2086 # several timelines
  for on in $descent $([ "$next" -ge "$(number "$position")" ] || echo $earlier); do
    [ ! -f "$wal/$(file "$on" "$next")" ] || { found=$wal/$(file "$on" "$next"); break; }
  done
  if [ -n "$found" ]; then ln -s -- "$found" "$line/$(file "$newest" "$next")"; last=$next
  elif [ "$next" -ge "$(number "$position")" ]; then break
  else start=$((next + 1)) # it was removed: the segment of the LSN itself shows it
  fi
  next=$((next + 1))
done
wal_folder=$line
summary=$(wal_sum "$binaries" "$directory/data" "$newest" "$position") || exit 1
show_wal "$summary"
lived=0
if [ -n "$wal_first" ]; then
  end=$(number "$wal_last")
  written=$(stat -L -c %.6Y -- "$line/$(file $newest "$end")" 2>/dev/null || date +%s)
  lived=$(awk -v a="$(date -d "$wal_first UTC" +%s.%6N)" -v b="$written" 'BEGIN {printf "%.3f", b - a}')
fi
record exposure waiters $(($(setting 'max_connections setting') + $(setting 'max_worker_processes setting'))) lived "$lived"
end_records
