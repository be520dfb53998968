# Leaves a note in the repository, on disk before what it is about is done.
# root: the cluster's folder in it; note: the file's name; line: what it says
printf '%s\n' "$line" >"$root/$note"
sync -- "$root/$note"
