# What a member's host says of its archiving; changes nothing.
# directory, binaries, folder (a repository per system below it), stanza
# config: what is to be in pgbackrest.conf; @system@ stands for the system identifier
# Answers, one word a line: configured (the file is as wanted), stanza (the repository has one),
#   arrived (segments of the newest timeline that this member has are there)
user=$(server_user postgres)
data=$directory/data
system=$("$binaries/pg_controldata" "$data" | sed -n 's/^Database system identifier: *//p')
[ -n "$system" ] || fail "the control file of $data cannot be read"
wanted=$(printf '%s' "$config" | sed "s/@system@/$system/")
file=$directory/conf/pgbackrest.conf
if [ "$(cat -- "$file" 2>/dev/null || true)" = "$wanted" ] && [ "$(stat -c '%a %U' -- "$file")" = "600 $user" ]; then echo configured; fi
archive=$folder/$system/archive/$stanza
[ ! -f "$archive/archive.info" ] || echo stanza
newest=$(ls -1 "$data/pg_wal" 2>/dev/null | grep -E '^[0-9A-F]{24}$' | cut -c 1-8 | sort | tail -n 1)
# a folder of segments, which its history file is not
[ -z "$newest" ] || ! ls -d "$archive"/*/"$newest"[0-9A-F]*/ >/dev/null 2>&1 || echo arrived
