# Removes a remaining fence of a standby; a member that would be primary keeps its fence.
# directory
data=$directory/data
part_of "$data"
[ "$part" = standby ] || fail "the member is fenced and would be $part: holdfast rejoin decides how the member returns"
rm -f -- "$directory/fence"
