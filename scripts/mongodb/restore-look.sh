# How far restores are in the folders of servers; changes nothing.
# nodes: one line per node: id <tab> directory
# Answers: restore <tab> id <tab> state <tab> the order it belongs to
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || continue
  printf 'restore\t%s\t%s\t%s\n' "$id" "$state" "$order"
done
