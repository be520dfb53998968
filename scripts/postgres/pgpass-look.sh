# Reports which members of a host have current password files; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory
# replicator and rewinder (role names), replication and rewind (their passwords)
# Records: current id
begin_records postgres/pgpass-look
desired=$(known_passwords)
while IFS="$tab" read -r id directory; do
  if holds "$directory/conf/pgpass" "$desired"; then record current id "$id"; fi
done <<END
$nodes
END
end_records
