# Removes a backup's note from the repository.
# root: the cluster's directory in the repository; note: the file's name
rm -f -- "$root/$note"
