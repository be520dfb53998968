# Reports the progress of restores in the directories of servers; changes nothing.
# nodes: one line per node: id <tab> directory; space: whether to report the free space (yes|no)
# Records:
#   restore id state order   the progress and the name of its restore
#   fenced id reason         a restore in place has fenced it
#   space id kib mount       free space on the file system of its present or future directory, and the mount point
begin_records mongodb/restore-progress
while IFS="$tab" read -r id directory; do
  state= order=
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
  [ -z "$state" ] || record restore id "$id" state "$state" order "$order"
  first_line "$directory/holdfast.fenced"
  case $first in 'taken back to '* | 'restored to '*) record fenced id "$id" reason "$first" ;; esac
  [ "$space" = yes ] || continue
  step=$directory
  while [ ! -e "$step" ]; do step=${step%/*} && step=${step:-/}; done
  line=$(df -Pk -- "$step")
  read -r device all used free share mount <<END_SPACE
${line#*"$newline"}
END_SPACE
  case $free in '' | *[!0-9]*) ;; *) record space id "$id" kib "$free" mount "$mount" ;; esac
done <<END
$nodes
END
end_records
