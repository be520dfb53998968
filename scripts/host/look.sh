# Observes the nodes of a host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, pid file, address, port
# mark: first word of the mark that Holdfast leaves in a node's directory (the estate's name)
# programs: names of programs to find
# names: names of the cluster's hosts, which this host must resolve
# Records:
#   node id process pid owner port reason   process: up, down or unknown; owner of the directory: absent, ours or foreign; port: free or
#                                           taken; reason: why the state is unknown, or why a running process cannot answer
#   program name path                       the path is empty when the program is not found
#   unresolved name                         a name that does not resolve
begin_records host/look
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
  record node id "$id" process "$process" pid "$pid" owner "$ground" port "$taken" reason "$unseen"
done <<END
$nodes
END
paths=$(for program in $programs; do command -v "$program" || echo; done)
for program in $programs; do
  record program name "$program" path "${paths%%"$newline"*}"
  case $paths in *"$newline"*) paths=${paths#*"$newline"} ;; *) paths= ;; esac
done
for name in $names; do
  getent ahosts "$name" >/dev/null 2>&1 || record unresolved name "$name"
done
end_records
