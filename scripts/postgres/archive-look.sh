# What a member's host says of its archiving; changes nothing.
# directory, binaries, folder (a repository per system below it), stanza
# config: what is to be in pgbackrest.conf; @system@ stands for the system identifier
# Answers, one word a line: configured (the file is as wanted), stanza (the repository has one),
#   arrived (segments of the newest timeline that this member has are there)
user=$(server_user postgres)
data=$directory/data
control=$("$binaries/pg_controldata" "$data")
system=${control#*Database system identifier:}
system=${system%%"$newline"*}
system=${system##* }
case $system in '' | *[!0-9]*) fail "the control file of $data cannot be read" ;; esac
wanted=${config%%@system@*}$system${config#*@system@}
file=$directory/conf/pgbackrest.conf
if holds "$file" "$wanted" && [ "$(stat -c '%a %U' -- "$file")" = "600 $user" ]; then echo configured; fi
archive=$folder/$system/archive/$stanza
[ ! -f "$archive/archive.info" ] || echo stanza
newest=
for segment in "$data"/pg_wal/????????????????????????; do # in the order of their names
  case ${segment##*/} in *[!0-9A-F]*) ;; *) newest=${segment##*/} ;; esac
done
[ -n "$newest" ] || exit 0
# a folder of segments, which its history file is not
set -- "$archive"/*/"${newest%????????????????}"????????/
[ ! -d "$1" ] || echo arrived
