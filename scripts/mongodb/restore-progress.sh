# Reports the progress of restores in the directories of servers; changes nothing.
# nodes: one line per node: id <tab> directory; room: whether to report the free space (yes|no)
# Output: restore <tab> id <tab> state <tab> the name of its restore
#         fenced <tab> id <tab> reason: a restore in place has fenced it
#         room <tab> id <tab> free KiB on the file system of its present or future directory <tab> the mount point
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  state= order=
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
  [ -z "$state" ] || printf 'restore\t%s\t%s\t%s\n' "$id" "$state" "$order"
  fenced=
  { IFS= read -r fenced <"$directory/holdfast.fenced"; } 2>/dev/null || true
  case $fenced in 'taken back to '*) printf 'fenced\t%s\t%s\n' "$id" "$fenced" ;; esac
  [ "$room" = yes ] || continue
  step=$directory
  while [ ! -e "$step" ]; do step=${step%/*} && step=${step:-/}; done
  df -Pk -- "$step" | {
    read -r head
    read -r device all used free share mount
    printf 'room\t%s\t%s\t%s\n' "$id" "$free" "$mount"
  }
done
