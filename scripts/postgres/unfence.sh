# Removes a remaining fence of a standby; a member that would be primary keeps its fence.
# directory
data=$directory/data
part_of "$data"
[ "$part" = standby ] || fail "the member is fenced and would start as $part, not as a standby: holdfast rejoin decides how the member returns"
rm -f -- "$directory/fence"
