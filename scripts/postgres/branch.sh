# What the log of a server holds that another branch of the same cluster does not; changes nothing. The server may run.
# directory, binaries
# pieces: one line per timeline of the branch, with its first and last position (- where it is not known): TIMELINE FROM TO
# Answers as gap.sh, piece by piece
while read -r timeline from to; do
  [ "$to" != - ] || to=
  wal_sum "$binaries" "$directory/data" "$timeline" "$from" "$to"
done <<END
$pieces
END
