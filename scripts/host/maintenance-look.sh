# The clusters that are in maintenance, according to this host's record; changes nothing.
# directory: the estate's directory
# Records: maintenance cluster since reason
begin_records host/maintenance-look
if [ -f "$directory/.maintenance" ]; then
  while IFS="$tab" read -r cluster since reason; do
    record maintenance cluster "$cluster" since "$since" reason "$reason"
  done <"$directory/.maintenance"
fi
end_records
