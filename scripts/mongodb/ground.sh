# What the files of servers say that the servers cannot; changes nothing.
# nodes: one line per node: id <tab> directory; keyfile: what the key file must hold, empty when not known
# root: a folder that holds one folder per node; mark: the estate's name
# Answers: keyfile <tab> id <tab> absent|same|other|unknown <tab> mode
#          fenced <tab> id <tab> why: it was given up by a failover and must not be started
#          restoring <tab> id <tab> order: a restore of it, in place or elsewhere, is not done
#          dying <tab> id: its process was killed and is not quite gone
#          data <tab> id <tab> there|none|lost <tab> made: whether its data directory holds data; lost: its log says that it was in a
#            set before; made: the options that its data was made with and that never change, as storage.bson has them
#          stray <tab> id <tab> directory <tab> up|down <tab> address <tab> port <tab> there|none: marked as this estate's, declared
#            or not; where its configuration file has it listen, and whether its data directory holds data
# data DIRECTORY: whether a data directory holds data
data() {
  if [ -e "$1/data/WiredTiger" ] || [ -e "$1/data/storage.bson" ]; then echo there; else echo none; fi
}

# made DIRECTORY: the options in storage.bson; its names end with a zero byte and a flag is one byte
made() {
  tr '\000\001' '01' <"$1/data/storage.bson" 2>/dev/null | grep -a -o 'director[A-Za-z]*0[01]' | sed 's/0\([01]\)$/=\1/' | tr '\n' ' '
}

# option FILE KEY: its value in a configuration file that start.sh has written
option() {
  sed -n "s/^$2: //p" "$1" 2>/dev/null | tr -d '"' | head -n 1
}

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
  held=$(data "$directory")
  if [ "$held" = none ] && grep -q -m 1 '"New replica set config in use"' "$directory/log/mongod.log" 2>/dev/null; then held=lost; fi
  printf 'data\t%s\t%s\t%s\n' "$id" "$held" "$(made "$directory")"
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
  look_at "$directory/run/pid" "$directory"
  [ "$process" = down ] || process=up
  conf=$directory/mongod.conf
  [ -f "$conf" ] || conf=$directory/mongos.conf
  printf 'stray\t%s\t%s\t%s\t%s\t%s\t%s\n' "$id" "$directory" "$process" \
    "$(option "$conf" net.bindIp)" "$(option "$conf" net.port)" "$(data "$directory")"
done
