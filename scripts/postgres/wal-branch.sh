# Reports the WAL of a server that another branch of the same cluster lacks; changes nothing. The server may run.
# directory, binaries
# pieces: one line per timeline of the branch, with the first and last LSN (- if unknown): TIMELINE FROM TO
# Records: wal (of show_wal), one per piece
begin_records postgres/wal-branch
while read -r timeline from to; do
  [ "$to" != - ] || to=
  summary=$(wal_sum "$binaries" "$directory/data" "$timeline" "$from" "$to")
  show_wal "$summary"
done <<END
$pieces
END
end_records
