# Reports the records of failovers and rollbacks in the directories of members; changes nothing.
# nodes: one line per node: id <tab> directory
# Output: fenced <tab> id <tab> reason
#         failover <tab> id <tab> line
#         written <tab> id <tab> time of the last write to its journal, in seconds since 1970
#         rollback <tab> id <tab> bytes <tab> rollback file in its data directory
#         laid <tab> id <tab> collection <tab> documents <tab> rollback file that was moved out of the data directory
#         broken <tab> id <tab> the reason why it cannot continue with its data
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
    /[Tt]oo stale to catch up/ { why = "it is too stale: no member has the operations after its last one" }
    /UnrecoverableRollbackError/ { why = "its rollback is not possible (UnrecoverableRollbackError)" }
    /"msgid":5007100,/ { why = "it would have to roll back operations that it has committed, which is not possible" }
    END { if (why != "") printf "broken\t%s\t%s\n", id, why }' "$directory/log/mongod.log" 2>/dev/null || true
done
