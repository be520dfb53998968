# Queries a server through its local socket: a hanging server does not answer, but a server without network does.
# Changes nothing.
# directory, port, statement, seconds (how long it may take)
# Records: answer primary clients standbys; primary: t or f; the number of its clients, and the standbys that it sends WAL to
begin_records postgres/query-check
user=$(server_user postgres)
row=$(as "$user" timeout "$seconds" psql -X -A -t -F "$tab" -h "$directory/run" -p "$port" -U postgres -d postgres -c "$statement")
IFS="$tab" read -r primary clients standbys <<END
$row
END
record answer primary "$primary" clients "$clients" standbys "$standbys"
end_records
