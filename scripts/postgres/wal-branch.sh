# Reports the WAL of a server that another branch of the same cluster lacks; changes nothing. The server may run.
# directory, binaries
# pieces: one line per timeline of the branch, with the first and last LSN (- if unknown): TIMELINE FROM TO
# Answers as wal-gap.sh, piece by piece
while read -r timeline from to; do
  [ "$to" != - ] || to=
  wal_sum "$binaries" "$directory/data" "$timeline" "$from" "$to"
done <<END
$pieces
END
