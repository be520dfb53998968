# Removes expired backups and slices, and incomplete files of killed runs.
# root: the cluster's directory in the repository; pieces: paths below it, one per line
printf '%s\n' "$pieces" | while read -r piece; do
  case $piece in
    '' | /* | *..*) continue ;;
    */base/* | */oplog/*) rm -rf -- "${root:?}/$piece" ;;
  esac
done
