# Reports facts from the files of servers that the servers themselves do not report; changes nothing.
# nodes: one line per node: id <tab> directory <tab> program; keyfile: the expected content of the key file, empty if unknown
# root: the directory with one directory per node; mark: the estate's name
# Records:
#   key-file id state mode        state: absent, same, other or unknown
#   fenced id reason
#   restoring id order            a restore of it, in place or side-by-side, has not ended
#   listens id endpoint           where it runs: the address and port in the configuration file of a running server
#   other-program id running desired version   it runs another program file than the declared one, which has that version
#   other-user id running desired   its process belongs to that operating system user, and not to the desired one
#   broken id reason              its process has ended, and the end of its log says why it cannot continue with its data
#   dying id                      its process was killed and has not ended yet
#   refusing id seconds           its log says so long ago that it refused a connection because of net.maxIncomingConnections
#   data id state options         whether its data directory has data: there, none or lost; lost: its server log shows that it belonged
#                                 to a set; options: the permanent options of its data, as in storage.bson
#   ages id born written          when its data directory was created and its journal last written, in seconds since 1970
#   marked id directory process address port data   a directory with this estate's mark, declared or not; process: up or down; the
#                                 address in its configuration file, and port 0 if it is unknown; data: there or none
begin_records mongodb/node-files
# data DIRECTORY: whether a data directory has data
data() {
  if [ -e "$1/data/WiredTiger" ] || [ -e "$1/data/storage.bson" ]; then echo there; else echo none; fi
}

# made DIRECTORY: the options in storage.bson; a name ends with a zero byte and a flag is one byte
made() {
  tr '\000\001' '01' <"$1/data/storage.bson" 2>/dev/null | grep -a -o 'director[A-Za-z]*0[01]' | sed 's/0\([01]\)$/=\1/' | tr '\n' ' '
}

# refused DIRECTORY: the seconds since a server with a log last refused a connection, because it has as many as it may have
refused() {
  last=$(tail -q -c 65536 -- "$1/log/mongod.log" "$1/log/mongos.log" 2>/dev/null |
    sed -n 's/^{"t":{"$date":"\(....-..-..\)T\(..:..:..\).*"id":22942,.*/\1 \2/p' | tail -n 1)
  if [ -n "$last" ]; then echo $(($(date +%s) - $(date -d "$last" +%s))); fi
}

# option FILE KEY: the value in a configuration file of start.sh
option() {
  sed -n "s/^$2: //p" "$1" 2>/dev/null | tr -d '"' | head -n 1
}

# show_running ID DIRECTORY PROGRAM: records listens and other-program of the running process $pid
show_running() {
  conf=$2/mongod.conf
  [ -f "$conf" ] || conf=$2/mongos.conf
  record listens id "$1" endpoint "$(option "$conf" net.bindIp):$(option "$conf" net.port)"
  if [ -n "$account" ]; then
    its=
    { while read -r title its others; do [ "$title" != Uid: ] || break; done <"/proc/$pid/status"; } 2>/dev/null || its=
    case $its in
      '' | "$account_id") ;;
      *) record other-user id "$1" running "$(id -un -- "$its" 2>/dev/null || echo "$its")" desired "$account" ;;
    esac
  fi
  # as the owner of the files: in a container, root may not read the link of another user's process
  owner_of "$2"
  running=$(as "$owner" readlink -- "/proc/$pid/exe" 2>/dev/null) && desired=$(command -v -- "$3") && desired=$(readlink -f -- "$desired") || return 0
  [ "$running" != "$desired" ] || return 0
  version=$("$desired" --version 2>/dev/null </dev/null | sed -n 's/^.* version v\([0-9.]*\).*/\1/p' | head -n 1)
  record other-program id "$1" running "$running" desired "$desired" version "$version"
}

account=
if is_root; then account=$(server_user mongod) account_id=$(id -u -- "$account" 2>/dev/null) || account_id=none; fi
set --
while IFS="$tab" read -r id directory program; do [ -z "$id" ] || set -- "$@" "$directory/keyfile"; done <<END
$nodes
END
modes=
[ $# = 0 ] || modes=$newline$(stat -c "%n$tab%a" -- "$@" 2>/dev/null) || true
while IFS="$tab" read -r id directory program; do
  [ -n "$id" ] || continue
  file=$directory/keyfile
  if [ ! -e "$file" ]; then said=absent
  elif [ -z "$keyfile" ] || [ ! -r "$file" ]; then said=unknown
  elif holds "$file" "$keyfile"; then said=same
  else said=other
  fi
  mode=${modes#*"$newline$file$tab"}
  [ "$mode" != "$modes" ] || mode=
  record key-file id "$id" state "$said" mode "${mode%%"$newline"*}"
  if [ -f "$directory/holdfast.fenced" ]; then
    first_line "$directory/holdfast.fenced"
    record fenced id "$id" reason "$first"
  fi
  seconds=$(refused "$directory")
  [ -z "$seconds" ] || record refusing id "$id" seconds "$seconds"
  held=$(data "$directory")
  if [ "$held" = none ] && grep -q -m 1 '"New replica set config in use"' "$directory/log/mongod.log" 2>/dev/null; then held=lost; fi
  record data id "$id" state "$held" options "$(made "$directory")"
  if [ "$held" = there ]; then
    born=$(stat -c %Y -- "$directory/data/WiredTiger" 2>/dev/null) || born=
    written=$(stat -c %Y -- "$directory/data/journal/WiredTigerLog."* 2>/dev/null | sort -n | tail -n 1)
    if [ -n "$born" ] && [ -n "$written" ]; then record ages id "$id" born "$born" written "$written"; fi
  fi
  look_at "$directory/run/pid" "$directory"
  [ "$process" != up ] || show_running "$id" "$directory" "$program"
  if [ "$process" = down ] && [ -f "$directory/log/mongod.log" ]; then
    why=$(tail -c 1048576 -- "$directory/log/mongod.log" | unusable)
    [ -z "$why" ] || record broken id "$id" reason "$why"
  fi
  state= order=
  { IFS=' ' read -r state order <"$directory/holdfast.restore"; } 2>/dev/null || true
  case $state in '' | verified) ;; *) record restoring id "$id" order "$order" ;; esac
  { read -r pid <"$directory/run/pid" && read -r stat <"/proc/$pid/stat"; } 2>/dev/null || continue
  case ${stat##*) } in Z*|X*) record dying id "$id" ;; esac
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
  port=$(option "$conf" net.port)
  case $port in '' | *[!0-9]*) port=0 ;; esac
  record marked id "$id" directory "$directory" process "$process" address "$(option "$conf" net.bindIp)" port "$port" \
    data "$(data "$directory")"
done
end_records
