# Reports which PgBouncers of a host have the current password in a private file; changes nothing.
# nodes: one line per PgBouncer, fields separated by a tab: id, directory
# pooler (the role that looks passwords up), password (its own)
# Records: current id
begin_records pgbouncer/userlist-look
desired=$(userlist)
while IFS="$tab" read -r id directory; do
  if holds "$directory/conf/userlist.txt" "$desired" &&
    [ "$(stat -c '%a %U' -- "$directory/conf/userlist.txt")" = "600 $(stat -c %U -- "$directory/run")" ]
  then record current id "$id"; fi
done <<END
$nodes
END
end_records
