# Creates the repository of a system and its stanza, on the repository host; existing ones stay.
# directory (of the node whose log directory is used), folder (a repository per system below it), system (its identifier), stanza
# config, file: desired contents of that file in the directory's conf; empty: the file exists
# control: the primary's pg_control, packed by gzip and base64; empty: it is in the directory's data
user=$(server_user postgres)
conf=$directory/conf/$file
data=$directory/data
[ -n "$system" ] || system=$("$binaries/pg_controldata" "$data" | sed -n 's/^Database system identifier: *//p')
[ -n "$system" ] || fail "the control file of $data cannot be read"
rm -f -- "$directory"/conf/.*.??????
[ -z "$config" ] || put "$file" 600 "$user" "${config%%@system@*}$system${config#*@system@}"
mkdir -p -- "$folder"
chown -- "$user" "$folder"
chmod 0750 -- "$folder"
as "$user" mkdir -p -m 0750 -- "$folder/$system" "$folder/lock" || fail "user $user has no permission to write to $folder"
# segments can then be read without a server: pgBackRest reads the system identifier from a control file
as "$user" mkdir -p -m 0750 -- "$folder/$system/control/global"
kept=$folder/$system/control/global/pg_control
if [ -n "$control" ]; then
  printf '%s' "$control" | base64 -d | gzip -d | put_as "$user" "$kept" 0640
elif [ -f "$data/global/pg_control" ]; then as "$user" cp -- "$data/global/pg_control" "$kept"
fi
log=$directory/log/stanza.log
output_to "$log" pgbackrest --config="$conf" --stanza="$stanza" stanza-create ||
  fail "pgbackrest stanza-create: $(as "$user" grep -E 'ERROR|HINT' "$log" || as "$user" tail -n 3 "$log")"
