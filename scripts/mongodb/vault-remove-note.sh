# Removes a note that a backup has left in the repository.
# root: the cluster's folder in it; note: the file's name
rm -f -- "$root/$note"
