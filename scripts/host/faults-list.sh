# The faults that are on record on this host, each with its story, and the free space in the estate's directory.
# directory: the estate's directory
# Records: fault-on-record name story; free kib
begin_records host/faults-list
for folder in "$directory/.faults/"*; do
  # earlier versions wrote the revert to another file
  [ -f "$folder/revert" ] || [ -f "$folder/mend" ] || continue
  first_line "$folder/story"
  record fault-on-record name "${folder##*/}" story "$first"
done
free=$(df -Pk "$directory" | awk 'NR == 2 { print $4 }')
case $free in '' | *[!0-9]*) ;; *) record free kib "$free" ;; esac
end_records
