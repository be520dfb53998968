# Queries a server through its local socket: a hanging server does not answer, but a server without network does.
# Changes nothing.
# directory, port, statement, seconds (how long it may take)
# Answers, separated by a tab: whether it is primary (t or f), its clients, the standbys that it sends WAL to
user=$(server_user postgres)
as "$user" timeout "$seconds" psql -X -A -t -F "$tab" -h "$directory/run" -p "$port" -U postgres -d postgres -c "$statement"
