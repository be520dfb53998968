# Removes copies and slices that are older than what is kept, and what killed runs have left.
# root: the cluster's folder in it; pieces: paths below it, one a line
printf '%s\n' "$pieces" | while read -r piece; do
  case $piece in
    '' | /* | *..*) continue ;;
    */base/* | */oplog/*) rm -rf -- "${root:?}/$piece" ;;
  esac
done
