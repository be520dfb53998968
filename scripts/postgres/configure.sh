# Writes a member's configuration; each file atomically, and only files that differ.
# directory, settings, role and access (desired contents of postgresql.conf, role.conf and pg_hba.conf)
# superuser, replicator and rewinder (role names), replication and rewind (passwords)
user=$(server_user postgres)
rm -f -- "$directory"/conf/.*.??????
me=$(id -un)
put pgpass 600 "$user" "$(known_passwords)"
put pg_ident.conf 644 "$me" "# Written by Holdfast: on the local socket this operating system user is the superuser.
holdfast $user $superuser"
put pg_hba.conf 644 "$me" "$access"
put role.conf 644 "$me" "$role"
put postgresql.conf 644 "$me" "$settings"
