# How far restores are in the folders of servers; changes nothing.
# nodes: one line per node: id <tab> directory; room: whether to tell what is free there (yes|no)
# Answers: restore <tab> id <tab> state <tab> the order it belongs to
#          fenced <tab> id <tab> why: a restore in place has fenced it
#          room <tab> id <tab> KiB free on the file system of its folder, or of where that will be <tab> its mount point
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
