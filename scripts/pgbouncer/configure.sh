# Writes a PgBouncer's configuration; each file atomically, and only files that differ.
# directory, settings (desired contents of pgbouncer.ini), nowhere (databases.ini without a server for clients)
# pooler (the role that looks passwords up), password (its own)
alone 30
user=$(stat -c %U -- "$directory/run")
me=$(id -un)
rm -f -- "$directory"/conf/.*.??????
put userlist.txt 600 "$user" "$(userlist)"
[ -f "$directory/conf/databases.ini" ] || put databases.ini 644 "$me" "$nowhere"
put pgbouncer.ini.written 644 "$me" "$settings"
put pgbouncer.ini 644 "$me" "$settings"
