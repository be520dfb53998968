# What the directories of members tell of failovers and rollbacks; changes nothing.
# nodes: one line per node: id <tab> directory
# Answers: fenced <tab> id <tab> why
#          failover <tab> id <tab> line
#          written <tab> id <tab> seconds since 1970 when its journal was last written
#          rollback <tab> id <tab> bytes <tab> file that a rollback has left in its data
#          laid <tab> id <tab> collection <tab> documents <tab> file that was laid aside
#          broken <tab> id <tab> why it cannot go on with its data
printf '%s\n' "$nodes" | while IFS="$tab" read -r id directory; do
  [ -d "$directory" ] || continue
  if [ -f "$directory/holdfast.fenced" ]; then
    printf 'fenced\t%s\t%s\n' "$id" "$(head -n 1 "$directory/holdfast.fenced")"
  fi
  awk -v id="$id" '{ print "failover\t" id "\t" $0 }' "$directory/holdfast.failovers" 2>/dev/null || true
  newest=$(stat -c %Y -- "$directory/data/journal/WiredTigerLog."* 2>/dev/null | sort -n | tail -n 1)
  [ -z "$newest" ] || printf 'written\t%s\t%s\n' "$id" "$newest"
  if [ -d "$directory/data/rollback" ]; then
    (cd "$directory/data" && find rollback -type f -exec stat -c "rollback${tab}$id${tab}%s${tab}%n" {} +)
  fi
  for list in "$directory/rolled-back/"*/list; do
    if [ -f "$list" ]; then awk -v id="$id" '{ print "laid\t" id "\t" $0 }' "$list"; fi
  done
  awk -v id="$id" '/"msg":"MongoDB starting"/ { why = "" }
    /[Tt]oo stale to catch up/ { why = "it is too stale: no member has the operations that follow its last one" }
    /UnrecoverableRollbackError/ { why = "what it has to roll back is more than a rollback can undo" }
    /"msgid":5007100,/ { why = "it has committed what it has to roll back, and no rollback can undo that" }
    END { if (why != "") printf "broken\t%s\t%s\n", id, why }' "$directory/log/mongod.log" 2>/dev/null || true
done
