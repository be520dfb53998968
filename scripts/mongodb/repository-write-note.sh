# Writes a note into the repository, which is on disk before the change that it describes.
# root: the cluster's directory in the repository; note: the file's name; line: the content
printf '%s\n' "$line" >"$root/$note"
sync -- "$root/$note"
