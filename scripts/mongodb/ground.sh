# What the files of servers say that the servers cannot; changes nothing.
# nodes: one line per node: id <tab> directory; keyfile: what the key file must hold, empty when not known
# root: a folder that holds one folder per node; mark: the estate's name
# Answers: keyfile <tab> id <tab> absent|same|other|unknown <tab> mode
#          fenced <tab> id <tab> why: it was given up by a failover and must not be started
#          restoring <tab> id <tab> order: a restore of it, in place or elsewhere, is not done
#          dying <tab> id: its process was killed and is not quite gone
#          stray <tab> id <tab> directory <tab> up|down: marked as this estate's, declared or not
set --
while IFS="$tab" read -r id directory; do [ -z "$id" ] || set -- "$@" "$directory/keyfile"; done <<END
$nodes
END
modes=
[ $# = 0 ] || modes=$newline$(stat -c "%n$tab%a" -- "$@" 2>/dev/null) || true
while IFS="$tab" read -r id directory; do
  [ -n "$id" ] || continue
  file=$directory/keyfile
  if [ ! -e "$file" ]; then said=absent
  elif [ -z "$keyfile" ] || [ ! -r "$file" ]; then said=unknown
  elif holds "$file" "$keyfile"; then said=same
  else said=other
  fi
  mode=${modes#*"$newline$file$tab"}
  [ "$mode" != "$modes" ] || mode=
  printf 'keyfile\t%s\t%s\t%s\n' "$id" "$said" "${mode%%"$newline"*}"
  if [ -f "$directory/holdfast.fenced" ]; then
    printf 'fenced\t%s\t%s\n' "$id" "$(head -n 1 "$directory/holdfast.fenced")"
  fi
  state= order=
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
  case $state in '' | verified) ;; *) printf 'restoring\t%s\t%s\n' "$id" "$order" ;; esac
  { read -r pid <"$directory/run/pid" && read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
  case ${stat##*) } in Z*|X*) printf 'dying\t%s\n' "$id" ;; esac
done <<END
$nodes
END
for file in "$root"/*/holdfast.node; do
  { read -r estate id <"$file"; } 2>/dev/null || continue
  [ "$estate" = "$mark" ] || continue
  directory=${file%/holdfast.node}
  pid=
  { read -r pid <"$directory/run/pid"; } 2>/dev/null || true
  if alive "$pid" "$directory"; then process=up; else process=down; fi
  printf 'stray\t%s\t%s\t%s\n' "$id" "$directory" "$process"
done
