# Writes the pgBackRest configuration of a member.
# directory, binaries
# config: desired contents of pgbackrest.conf; @system@ is a placeholder for the system identifier
user=$(server_user postgres)
data=$directory/data
system=$("$binaries/pg_controldata" "$data" | sed -n 's/^Database system identifier: *//p')
[ -n "$system" ] || fail "the control file of $data cannot be read"
rm -f -- "$directory"/conf/.pgbackrest.conf.??????
put pgbackrest.conf 600 "$user" "${config%%@system@*}$system${config#*@system@}"
