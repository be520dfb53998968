# Gives a member its pgBackRest configuration.
# directory, binaries
# config: what is to be in pgbackrest.conf; @system@ stands for the system identifier
user=$(server_user postgres)
data=$directory/data
system=$("$binaries/pg_controldata" "$data" | sed -n 's/^Database system identifier: *//p')
[ -n "$system" ] || fail "the control file of $data cannot be read"
rm -f -- "$directory"/conf/.pgbackrest.conf.??????
draft=$(mktemp -- "$directory/conf/.pgbackrest.conf.XXXXXX")
chmod 0600 -- "$draft"
chown -- "$user" "$draft"
printf '%s' "$config" | sed "s/@system@/$system/" >"$draft"
echo >>"$draft"
sync -- "$draft"
mv -f -- "$draft" "$directory/conf/pgbackrest.conf"
