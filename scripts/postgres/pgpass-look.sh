# Whether the members of a host know today's passwords; changes nothing.
# nodes: one line per node, fields separated by a tab: id, directory
# replicator and rewinder (role names), replication and rewind (their passwords)
# Answers, separated by a tab: pgpass ID
tab=$(printf '\t')
escaped() { printf '%s' "$1" | sed 's/[\\:]/\\&/g'; }
wanted=$(
  printf '*:*:*:%s:%s\n' "$replicator" "$(escaped "$replication")"
  printf '*:*:*:%s:%s\n' "$rewinder" "$(escaped "$rewind")"
)
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  if [ "$(cat -- "$directory/conf/pgpass" 2>/dev/null || true)" = "$wanted" ]; then printf 'pgpass\t%s\n' "$id"; fi
done
