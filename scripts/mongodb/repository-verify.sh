# Reads every file of a cluster's repository and compares it with its checksum; changes nothing.
# root: the cluster's directory in the repository; sets: the names of its replica sets, one per line
# Output: bad <tab> set <tab> piece <tab> reason; a piece is the file of a slice, or the label of a backup
[ -d "$root" ] || exit 0
printf '%s\n' "$sets" | while read -r set; do
  if [ -d "$root/$set/oplog" ]; then
    (cd "$root/$set/oplog" && find . -maxdepth 1 -type f -name '*.bson.gz' -print0 | sort -z | xargs -0 -r sha256sum --) |
      awk -v set="$set" '{
        file = $2; sub(/^\.\//, "", file)
        said = file; sub(/\.bson\.gz$/, "", said); sub(/^.*-/, "", said)
        if ($1 != said) print "bad\t" set "\t" file "\tits content differs from the checksum in its name"
      }'
  fi
  for copy in "$root/$set/base/"*/; do
    copy=${copy%/}
    label=${copy##*/}
    case $label in *.part) continue ;; esac
    [ -d "$copy" ] || continue
    why=$(copy_damage "$copy")
    [ -z "$why" ] || printf 'bad\t%s\t%s\t%s\n' "$set" "$label" "$why"
  done
done
