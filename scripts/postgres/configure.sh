# Puts a member's configuration in place; each file whole or not at all, one that is right already is left alone.
# directory, settings, role and access (what is to be in postgresql.conf, role.conf and pg_hba.conf)
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
