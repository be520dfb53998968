# Removes a remaining fence of a standby; a member that would be primary keeps its fence.
# directory
data=$directory/data
part_of "$data"
[ "$part" = standby ] || fail "it is fenced and would be $part: holdfast rejoin decides how it returns"
rm -f -- "$directory/fence"
