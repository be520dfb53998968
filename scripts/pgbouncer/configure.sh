# Puts a PgBouncer's configuration in place; each file whole or not at all, one that is right already is left alone.
# directory, settings (what is to be in pgbouncer.ini), nowhere (databases.ini of one that sends clients nowhere yet)
# pooler (the role that looks passwords up), password (its own)
alone 30
user=$(stat -c %U -- "$directory/run")
me=$(id -un)
rm -f -- "$directory"/conf/.*.??????
put userlist.txt 600 "$user" "$(userlist)"
[ -f "$directory/conf/databases.ini" ] || put databases.ini 644 "$me" "$nowhere"
put pgbouncer.ini.written 644 "$me" "$settings"
put pgbouncer.ini 644 "$me" "$settings"
