# Reports one record of a server's WAL: the last one before an LSN, or the first one from there on; changes nothing. The server may run.
# directory, binaries, position (an LSN between two records)
# which: before, after
# timelines: the timelines on which that record can be, one per line; the first one with a segment for that position is read
# Records: wal-record (lsn of the record, prev of the record before it); none when the WAL is not there
begin_records postgres/wal-record
data=$directory/data
bytes=$(segment_size "$binaries" "$data")
[ -n "$bytes" ] || fail "pg_controldata cannot read $data"
number=$(wal_number "$position")
[ "$which" = after ] || number=$((number - 1))
begin=$((number / bytes * bytes))
while read -r timeline; do
  [ -f "$data/pg_wal/$(printf '%08X%08X%08X' "$timeline" "$((begin >> 32))" "$(((begin & 0xFFFFFFFF) / bytes))")" ] || continue
  case $which in
    before) line=$(wal_from "$binaries" "$data" "$timeline" "$(wal_position "$begin")" 15 "$position" 2>/dev/null | grep '^rmgr: ' | tail -n 1) || line= ;;
    after) line=$(wal_from "$binaries" "$data" "$timeline" "$position" 15 2>/dev/null | grep -m 1 '^rmgr: ') || line= ;;
  esac
  found=$(printf '%s\n' "$line" | sed -n 's|.* lsn: \([0-9A-F]*/[0-9A-F]*\), prev \([0-9A-F]*/[0-9A-F]*\),.*|\1 \2|p')
  if [ -n "$found" ]; then record wal-record lsn "${found% *}" prev "${found#* }"; fi
  break
done <<END
$timelines
END
end_records
