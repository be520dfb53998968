# Whether the members of a host know today's passwords; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory
# replicator and rewinder (role names), replication and rewind (their passwords)
# Answers, separated by a tab: pgpass ID
wanted=$(known_passwords)
while IFS="$tab" read -r id directory; do
  if holds "$directory/conf/pgpass" "$wanted"; then printf 'pgpass\t%s\n' "$id"; fi
done <<END
$nodes
END
