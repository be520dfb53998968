# Observes the nodes of a host; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory, pid file, address, port
# mark: first word of the mark that Holdfast leaves in a node's directory (the estate's name)
# programs: names of programs to find
# names: names of the cluster's hosts, which this host must resolve
# Records:
#   node id process pid owner port reason   process: up, down or unknown; owner of the directory: absent, ours or foreign; port: free or
#                                           taken; reason: why the state is unknown, or why a running process cannot answer
#   occupant id where mark directory        another server of Holdfast has the node's directory or listens on its port; where: directory
#                                           or port; mark: the estate and the node of that server
#   program name path                       the path is empty when the program is not found
#   unresolved name                         a name that does not resolve
begin_records host/look
listening=$(listening)

# listener ADDRESS PORT: sets holder to the process that listens there; empty when it is hidden. Only for a port that is taken although
# the node has no process: it reads the open files of all processes, as the owner of the socket where this user may not.
listener() {
  sockets=$(awk -v address="$1" -v port="$2" '
    BEGIN {
      split(address, part, ".")
      here = sprintf("%02X%02X%02X%02X:%04X", part[4], part[3], part[2], part[1], port)
      any = sprintf("00000000:%04X", port)
    }
    $4 == "0A" && ($2 == here || $2 == any) {print $10, $8}' /proc/net/tcp)
  holder=
  while read -r inode holder_uid; do
    [ -n "$inode" ] || continue
    finder=$(id -un)
    if is_root && ! sees_all; then finder=$(id -un "$holder_uid" 2>/dev/null) || continue; fi
    # shellcheck disable=SC2016 # the other shell expands it
    opened=$(as "$finder" sh -c 'find /proc/[0-9]*/fd -maxdepth 1 -lname "$1" -print -quit 2>/dev/null' sh "socket:\\[$inode\\]") || true
    [ -n "$opened" ] || continue
    holder=${opened#/proc/}
    holder=${holder%%/*}
    return 0
  done <<END
$sockets
END
}

# folder_of PID: sets place to the directory of Holdfast that a process runs in, and said to its mark; both empty when there is none
folder_of() {
  place= said=
  its=$(readlink -- "/proc/$1/cwd" 2>/dev/null) || its=
  set -f
  saved=$IFS
  IFS=$newline
  # shellcheck disable=SC2046 # one word a line
  set -- "$its/x" $(tr '\000' '\n' <"/proc/$1/cmdline" 2>/dev/null)
  IFS=$saved
  set +f
  for word in "$@"; do
    case $word in *=/*) word=/${word#*=/} ;; -[Df]/*) word=${word#-?} ;; /*) ;; *) continue ;; esac
    for place in "$word" "${word%/*}" "${word%/*/*}"; do
      [ -f "$place/holdfast.node" ] || continue
      first_line "$place/holdfast.node"
      said=$first
      return 0
    done
  done
  place=
}

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
    unseen="the server's process $pid is stopped by a signal; kill -CONT $pid lets the process continue"
  fi
  if [ -f "$directory/holdfast.node" ]; then
    said=
    read -r said <"$directory/holdfast.node" || true
    if [ "$said" = "$mark $id" ]; then ground=ours
    else
      ground=foreign
      record occupant id "$id" where directory mark "$said" directory "$directory"
    fi
  elif is_vacant "$directory"; then ground=absent
  else ground=foreign
  fi
  if port_taken "$address" "$port"; then taken=taken; else taken=free; fi
  if [ "$process$ending$taken" = downyestaken ]; then # the last thread of a killed process releases its resources
    listening=$(listening)
    set -- "/proc/$pid/task/"*
    if [ $# -gt 1 ] || ! port_taken "$address" "$port"; then taken=free; fi
  fi
  if [ "$process$taken" = downtaken ]; then
    listener "$at" "$port"
    if [ -n "$holder" ]; then
      folder_of "$holder"
      [ -z "$place" ] || record occupant id "$id" where port mark "$said" directory "$place"
    fi
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
