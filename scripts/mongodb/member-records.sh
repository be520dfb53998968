# Reports the records of failovers and rollbacks in the directories of members; changes nothing.
# nodes: one line per node: id <tab> directory
# Records:
#   fenced id reason
#   failover id line
#   written id seconds               time of the last write to its journal, in seconds since 1970
#   rollback id file                 rollback file in its data directory
#   moved id collection documents file   rollback file that was moved out of the data directory
#   term id number                   the greatest term in the last 256 MiB of its server log, or else of each rotated one
#   broken id reason                 the reason why it cannot continue with its data
terms() { { tail -c 268435456 -- "$1" | LC_ALL=C grep -aoE '"term":[0-9]+|[ {]term: [0-9]+' | sed 's/.*[^0-9]//'; } 2>/dev/null || true; }

begin_records mongodb/member-records
while IFS="$tab" read -r id directory; do
  [ -d "$directory" ] || continue
  if [ -f "$directory/holdfast.fenced" ]; then
    first_line "$directory/holdfast.fenced"
    record fenced id "$id" reason "$first"
  fi
  if [ -f "$directory/holdfast.failovers" ]; then
    while IFS= read -r line; do record failover id "$id" line "$line"; done <"$directory/holdfast.failovers"
  fi
  newest=$(stat -c %Y -- "$directory/data/journal/WiredTigerLog."* 2>/dev/null | sort -n | tail -n 1)
  [ -z "$newest" ] || record written id "$id" seconds "$newest"
  if [ -d "$directory/data/rollback" ]; then
    files=$(cd "$directory/data" && find rollback -type f -print | ID=$id awk "$awk_records"'{record("rollback", "id", ENVIRON["ID"], "file", $0)}')
    add_records "$files"
  fi
  for list in "$directory/rolled-back/"*/list; do
    [ -f "$list" ] || continue
    owner_of "$directory"
    lines=$(as "$owner" cat -- "$list" 2>/dev/null) || continue # where that user could have put a link
    while IFS="$tab" read -r collection documents file; do
      [ -z "$file" ] || record moved id "$id" collection "$collection" documents "$documents" file "$file"
    done <<END_LIST
$lines
END_LIST
  done
  term=$(terms "$directory/log/mongod.log" | sort -n | tail -n 1)
  # a rotated log has the last election of a member that has run for long
  [ -n "$term" ] || term=$(for log in "$directory/log/mongod.log."*; do terms "$log"; done | sort -n | tail -n 1)
  [ -z "$term" ] || record term id "$id" number "$term"
  why=$({ unusable <"$directory/log/mongod.log"; } 2>/dev/null || true)
  [ -z "$why" ] || record broken id "$id" reason "$why"
done <<END
$nodes
END
end_records
