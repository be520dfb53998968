# Observes the nodes of a host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, pid file, address, port
# mark: first word of the mark that Holdfast leaves in a node's directory (the estate's name)
# programs: names of programs to find
# names: names of the cluster's hosts, which this host must resolve
# Prints per node: node <tab> id <tab> process (up|down|unknown) <tab> pid <tab> ground (absent|ours|foreign)
#   <tab> port (free|taken) <tab> why the state is unknown, or why a running process cannot answer
# and per program: program <tab> name <tab> path (empty when not found)
# and per name that does not resolve: unresolved <tab> name
listening=$(listening)

while IFS="$tab" read -r id directory pidfile address port; do
  [ -n "$id" ] || continue
  look_at "$pidfile" "$directory"
  tries=10 # backends end shortly after their postmaster
  while [ "$attached" -gt 0 ] && [ "$tries" -gt 0 ]; do
    tries=$((tries - 1))
    sleep 0.1
    look_at "$pidfile" "$directory"
  done
  if [ "$process" = up ] && is_frozen "$pid"; then
    unseen="its process $pid is stopped by a signal; kill -CONT $pid lets it go on"
  fi
  if [ -f "$directory/holdfast.node" ]; then
    said=
    read -r said <"$directory/holdfast.node" || true
    if [ "$said" = "$mark $id" ]; then ground=ours; else ground=foreign; fi
  elif is_vacant "$directory"; then ground=absent
  else ground=foreign
  fi
  if port_taken "$address" "$port"; then taken=taken; else taken=free; fi
  if [ "$process$ending$taken" = downyestaken ]; then # the last thread of a killed process releases its resources
    listening=$(listening)
    set -- "/proc/$pid/task/"*
    if [ $# -gt 1 ] || ! port_taken "$address" "$port"; then taken=free; fi
  fi
  printf 'node\t%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$process" "$pid" "$ground" "$taken" "$unseen"
done <<END
$nodes
END
for program in $programs; do
  printf 'program\t%s\t' "$program"
  command -v "$program" || echo
done
for name in $names; do
  getent ahosts "$name" >/dev/null 2>&1 || printf 'unresolved\t%s\n' "$name"
done
