# The faults that are on record on this host, each with its description, and the free space in the estate's directory.
# directory: the estate's directory
# Records: fault-on-record name description; free kib
begin_records host/faults-list
for folder in "$directory/.faults/"*; do
  # earlier versions wrote the revert and the description to other files
  [ -f "$folder/revert" ] || [ -f "$folder/mend" ] || continue
  text=$folder/description
  [ -f "$text" ] || text=$folder/story
  first_line "$text"
  record fault-on-record name "${folder##*/}" description "$first"
done
free=$(df -Pk "$directory" | awk 'NR == 2 { print $4 }')
case $free in '' | *[!0-9]*) ;; *) record free kib "$free" ;; esac
end_records
