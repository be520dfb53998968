# The faults that are on record on this host, each with its story, and the free space in the estate's directory.
# directory: the estate's directory
for folder in "$directory/.faults/"*; do
  [ ! -f "$folder/mend" ] || printf 'fault\t%s\t%s\n' "${folder##*/}" "$(cat "$folder/story")"
done
printf 'free_kb\t%s\n' "$(df -Pk "$directory" | awk 'NR == 2 { print $4 }')"
