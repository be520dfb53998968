# What a host says of the nodes it carries; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, pid file, address, port
# mark: first word of the mark that Holdfast leaves in a node's directory (the estate's name)
# programs: names of programs to look for
# Answers per node: node <tab> id <tab> process (up|down) <tab> pid <tab> ground (absent|ours|foreign) <tab> port (free|taken)
# and per program: program <tab> name <tab> path (empty when not found)
listening=$(listening)

while IFS="$tab" read -r id directory pidfile address port; do
  [ -n "$id" ] || continue
  pid=
  { read -r pid <"$pidfile"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then process=up; else process=down; fi
  if [ -f "$directory/holdfast.node" ]; then
    said=
    read -r said <"$directory/holdfast.node" || true
    if [ "$said" = "$mark $id" ]; then ground=ours; else ground=foreign; fi
  elif is_vacant "$directory"; then ground=absent
  else ground=foreign
  fi
  if port_taken "$address" "$port"; then taken=taken; else taken=free; fi
  printf 'node\t%s\t%s\t%s\t%s\t%s\n' "$id" "$process" "$pid" "$ground" "$taken"
done <<END
$nodes
END
for program in $programs; do
  printf 'program\t%s\t' "$program"
  command -v "$program" || echo
done
