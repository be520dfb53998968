# Reports the archiving state of a member; changes nothing.
# directory, binaries, folder (a repository per system below it), stanza, elsewhere (yes: the folder is on a separate host)
# config: desired contents of pgbackrest.conf; @system@ is a placeholder for the system identifier
# Records:
#   system id          its system identifier
#   configured         the file is as desired
#   stanza             the repository has one
#   gone               the directory of all repositories is missing
#   arrived            segments of this member's newest timeline are archived
#   trouble reason     why the repository is unreachable or not writable
#   failed message     the last archiving error in the server log; that of pgBackRest, if it has one
#   waiting segment other
#                      the first segment that waits to be archived; other (yes or no): the repository has another file of this name, by
#                      the checksums of their contents
#   foreign name       an archived file that another server has written, which was promoted to the timeline of this primary; its name
#                      ends with the checksum of its contents
#   control content    its pg_control, packed by gzip and base64; only where a repository on a separate host has no stanza
begin_records postgres/archive-look
user=$(server_user postgres)
data=$directory/data
control=$("$binaries/pg_controldata" "$data")
system=${control#*Database system identifier:}
system=${system%%"$newline"*}
system=${system##* }
case $system in '' | *[!0-9]*) fail "the control file of $data cannot be read" ;; esac
desired=${config%%@system@*}$system${config#*@system@}
record system id "$system"
file=$directory/conf/pgbackrest.conf
configured=no
if holds "$file" "$desired" && [ "$(stat -c '%a %U' -- "$file")" = "600 $user" ]; then configured=yes; record configured; fi
newest_log=$(ls -t "$directory"/log/postgresql-*.log 2>/dev/null | head -n 1)
if [ -n "$newest_log" ]; then
  failed=$(as "$user" tail -n 200 -- "$newest_log" 2>/dev/null |
    awk '
      /^([0-9][-0-9:. ]* )?(P[0-9]+ +)?ERROR: \[[0-9]+\]/ {kept = $0; at = NR} # pgBackRest 2.55 writes the time first
      /archive command failed|unable to / {other = $0; later = NR}
      END {if (kept != "" && later < at + 20) print kept; else if (other != "") print other}' | cut -c 1-300 | tr '\n\t' '  ')
  [ -z "$failed" ] || record failed message "$failed"
fi
# newest_segment: sets newest to this member's last segment, by name
newest_segment() {
  newest=
  for segment in "$data"/pg_wal/????????????????????????; do
    case ${segment##*/} in *[!0-9A-F]*) ;; *) newest=${segment##*/} ;; esac
  done
}
# first_waiting: sets waiting to the first segment that waits, in the order of the archiver
first_waiting() {
  waiting=
  for ready in "$data"/pg_wal/archive_status/????????????????????????.ready; do
    ready=${ready##*/}
    case ${ready%.ready} in *[!0-9A-F]*) ;; *) waiting=${ready%.ready}; return 0 ;; esac
  done
}
# read_redo: sets redo to the segment of the last checkpoint's redo position, from the control file; empty unless the server is a primary
# that runs. No segment from there on is recycled.
read_redo() {
  redo=
  case $control in
    *'cluster state: '*'in production'*)
      redo=${control#*REDO WAL file:}
      redo=${redo%%"$newline"*}
      redo=${redo##* }
      ;;
  esac
}
# look_from: sets from to the first segment whose archived file is compared: the first one that waits, or on a running primary the one
# in which its crash recovery would begin
look_from() {
  first_waiting
  read_redo
  from=${waiting:-$redo}
}
# differs NAME: whether this server has another file than the archived one of that name, and has not archived its own
differs() {
  own=$(sha1sum -- "$data/pg_wal/${1%%-*}" 2>/dev/null) || return 1
  sum=${1#*-}
  [ "${own%% *}" != "${sum%%[!0-9a-f]*}" ] && [ -f "$data/pg_wal/archive_status/${1%%-*}.ready" ]
}
# promotions FILE: the promotions in a segment, after a line that says that it was read
promotions() {
  { "$binaries/pg_waldump" --rmgr=XLOG "$1" 2>/dev/null || true; } | awk '
    /^rmgr: / && !read {read = 1; print "read"}
    match($0, /; tli [0-9]+; prev tli [0-9]+/) || match($0, /OF_RECOVERY tli [0-9]+; prev tli [0-9]+/) {
      split(substr($0, RSTART, RLENGTH), word, /[^0-9]+/)
      if (word[2] != word[3]) print
    }'
}
# other_promotion SEGMENT: whether the archived segment shows another promotion than this server's own. Each promotion writes its time,
# so a primary whose disk was set back, and which lacks its own archived WAL, is not taken for another server
other_promotion() {
  place=$(mktemp -d) || return 1
  chown -- "$user" "$place"
  theirs=$(as "$user" pgbackrest --config="$file" --stanza="$stanza" --io-timeout=4 archive-get "$1" "$place/$1" >/dev/null 2>&1 &&
    promotions "$place/$1") || theirs=
  rm -rf -- "$place"
  ours=$(promotions "$data/pg_wal/$1")
  case $theirs,$ours in read*,read*) [ "$theirs" != "$ours" ] ;; *) false ;; esac
}
# show_archived NAMES: records waiting and foreign, from the names of archived files, one per line, which were listed before.
# The archiver works in the order of names, and a segment that waits is not recycled. So the primary has not archived a segment that
# waits, nor one that it has not finished.
show_archived() {
  if [ -n "$waiting" ]; then
    other=no
    for name in $(printf '%s\n' "$1" | grep "^$waiting-"); do
      other=yes
      differs "$name" || { other=no; break; }
    done
    record waiting segment "$waiting" other "$other"
  fi
  [ -n "$redo" ] && [ "${redo%????????????????}" = "${from%????????????????}" ] || return 0
  compared=$({ ls -1 -- "$data/pg_wal/archive_status"; printf '%s\n' "$1"; } | awk -v from="x$from" -v redo="x$redo" '
    /^[0-9A-F]+\.(ready|done)$/ && length($0) < 31 && substr($0, 1, 8) == substr(from, 2, 8) {
      segment = "x" substr($0, 1, 24)
      ready[segment] = /ready$/
      if (segment > last) last = segment
    }
    /^[0-9A-F]+-[0-9a-f]+/ && length($0) >= 65 && substr($0, 1, 8) == substr(from, 2, 8) {
      segment = "x" substr($0, 1, 24)
      if (segment >= from && segment in ready) {if (ready[segment]) print $0, "waits"}
      else if (segment >= from && segment > last && segment >= redo) print $0, "later"
    }' | sort)
  [ -n "$compared" ] || return 0
  before=$redo
  control=$("$binaries/pg_controldata" "$data")
  read_redo
  [ "$redo" = "$before" ] || return 0 # a segment can have been recycled meanwhile
  foreign=
  count=0
  while read -r name which; do
    [ -n "$name" ] || continue
    if [ "$which" = waits ]; then
      # the first ones suffice: no segment after one that waits is archived
      count=$((count + 1))
      [ $count -gt 64 ] || differs "$name" || continue
    fi
    foreign="$foreign $name"
  done <<END
$compared
END
  [ -n "$foreign" ] || return 0
  first=${foreign# }
  other_promotion "${first%%-*}" || return 0
  for name in $foreign; do record foreign name "$name"; done
}
if [ "$elsewhere" = yes ]; then
  held=
  # held_in FOLDER: sets held to the contents of that directory in the repository
  held_in() {
    held=$(as "$user" pgbackrest --config="$file" --stanza="$stanza" --io-timeout=4 repo-ls "$1" 2>&1) && return 0
    record trouble reason "the repository is unreachable: $(printf '%s\n' "$held" | grep -E 'ERROR|HINT' | head -n 2 | tr '\n\t' '  ')"
    end_records
    exit 0
  }
  [ $configured = no ] || held_in "archive/$stanza"
  case $newline$held$newline in
    *"${newline}archive.info$newline"*) record stanza ;;
    *) record control content "$(gzip -c -- "$data/global/pg_control" | base64 -w 0)"; end_records; exit 0 ;;
  esac
  newest_segment
  id=$(printf '%s\n' "$held" | grep -E '^[0-9]+-[0-9]+$' | sort -V | tail -n 1)
  [ -n "$newest" ] && [ -n "$id" ] || { end_records; exit 0; }
  held_in "archive/$stanza/$id"
  case $newline$held in *"$newline${newest%????????????????}"????????"$newline"* | *"$newline${newest%????????????????}"????????) record arrived ;; esac
  look_from
  if [ -n "$from" ]; then
    names=
    for part in $(printf '%s\n' "$held" | grep -E "^${from%????????????????}[0-9A-F]{8}$"); do
      if expr "x$part" '>=' "x${from%????????}" >/dev/null; then
        held_in "archive/$stanza/$id/$part"
        names=$names$newline$held
      fi
    done
    show_archived "$names"
  fi
  end_records
  exit 0
fi
archive=$folder/$system/archive/$stanza
[ -d "$folder" ] || record gone
if [ -f "$archive/archive.info" ]; then
  record stanza
  as "$user" test -w "$archive" || record trouble reason "$user cannot write to the repository in $archive"
fi
newest_segment
if [ -n "$newest" ]; then
  # a directory of segments, in contrast to a history file
  set -- "$archive"/*/"${newest%????????????????}"????????/
  [ ! -d "$1" ] || record arrived
fi
look_from
if [ -n "$from" ]; then
  names=
  for part in "$archive"/*/"${from%????????????????}"????????/; do
    place=${part%/}
    if expr "x${place##*/}" '>=' "x${from%????????}" >/dev/null; then
      names=$names$newline$(ls -1 -- "$part" 2>/dev/null || true)
    fi
  done
  show_archived "$names"
fi
end_records
