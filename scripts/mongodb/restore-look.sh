# How far restores are in the folders of servers; changes nothing.
# nodes: one line per node: id <tab> directory; room: whether to tell what is free there (yes|no)
# Answers: restore <tab> id <tab> state <tab> the order it belongs to
#          room <tab> id <tab> KiB free on the file system of its folder, or of where that will be <tab> its mount point
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  state=
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
  [ -z "$state" ] || printf 'restore\t%s\t%s\t%s\n' "$id" "$state" "$order"
  [ "$room" = yes ] || continue
  step=$directory
  while [ ! -e "$step" ]; do step=${step%/*} && step=${step:-/}; done
  df -Pk -- "$step" | {
    read -r head
    read -r device all used free share mount
    printf 'room\t%s\t%s\t%s\n' "$id" "$free" "$mount"
  }
done
