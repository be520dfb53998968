# Makes a member ready to archive: its pgBackRest configuration, the repository's folder; on a primary also the stanza.
# directory, binaries, folder (a repository per system below it), stanza, primary (yes|no)
# config: what is to be in pgbackrest.conf; @system@ stands for the system identifier
user=$(server_user postgres)
data=$directory/data
system=$("$binaries/pg_controldata" "$data" | sed -n 's/^Database system identifier: *//p')
[ -n "$system" ] || fail "the control file of $data cannot be read"
file=$directory/conf/pgbackrest.conf
rm -f -- "$directory"/conf/.pgbackrest.conf.??????
draft=$(mktemp -- "$directory/conf/.pgbackrest.conf.XXXXXX")
chmod 0600 -- "$draft"
chown -- "$user" "$draft"
printf '%s' "$config" | sed "s/@system@/$system/" >"$draft"
echo >>"$draft"
sync -- "$draft"
mv -f -- "$draft" "$file"

if [ "$primary" = yes ]; then
  mkdir -p -- "$folder"
  chown -- "$user" "$folder"
  chmod 0750 -- "$folder"
  as "$user" mkdir -p -m 0750 -- "$folder/$system" "$folder/lock" || fail "user $user may not write to $folder"
  # segments can then be read without any server: pgBackRest asks a control file whose they are
  as "$user" mkdir -p -m 0750 -- "$folder/$system/control/global"
  as "$user" cp -- "$data/global/pg_control" "$folder/$system/control/global/pg_control"
  as "$user" pgbackrest --config="$file" --stanza="$stanza" stanza-create >"$directory/log/stanza.log" 2>&1 ||
    fail "pgbackrest stanza-create: $(grep -E 'ERROR|HINT' "$directory/log/stanza.log" || tail -n 3 "$directory/log/stanza.log")"
else
  as "$user" test -f "$folder/$system/archive/$stanza/archive.info" ||
    fail "$folder/$system is not the repository that the primary writes to: the folder must be the same one on every machine"
fi
