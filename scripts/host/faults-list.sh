# The breaks that are on record on this host, each with its story; and how much room is left under the estate's folder.
# directory: the estate's folder
for folder in "$directory/.faults/"*; do
  [ ! -f "$folder/mend" ] || printf 'fault\t%s\t%s\n' "${folder##*/}" "$(cat "$folder/story")"
done
printf 'free_kb\t%s\n' "$(df -Pk "$directory" | awk 'NR == 2 { print $4 }')"
