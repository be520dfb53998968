# Removes a fence that is left in the folder of a standby; a member that would be primary keeps its fence.
# directory
data=$directory/data
part_of "$data"
[ "$part" = standby ] || fail "it is fenced and would be $part: holdfast rejoin decides what becomes of it"
rm -f -- "$directory/fence"
