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
#   failed message     the last archiving error in the server log
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
    grep -aE '(P[0-9]+ +ERROR: |archive command failed|unable to )' | tail -n 1 | cut -c 1-300 | tr '\n\t' '  ')
  [ -z "$failed" ] || record failed message "$failed"
fi
# newest_segment: sets newest to this member's last segment, by name
newest_segment() {
  newest=
  for segment in "$data"/pg_wal/????????????????????????; do
    case ${segment##*/} in *[!0-9A-F]*) ;; *) newest=${segment##*/} ;; esac
  done
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
end_records
