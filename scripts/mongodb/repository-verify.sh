# Reads every file of a cluster's repository and compares it with its checksum; changes nothing.
# root: the cluster's directory in the repository; sets: the names of its replica sets, one per line
# Records: damaged-backup-file set piece reason; a piece is the file of a slice, or the label of a backup
begin_records mongodb/repository-verify
[ -d "$root" ] || { end_records; exit 0; }
while read -r set; do
  if [ -d "$root/$set/oplog" ]; then
    damaged=$( (cd "$root/$set/oplog" && find . -maxdepth 1 -type f -name '*.bson.gz' -print0 | sort -z | xargs -0 -r sha256sum --) |
      SET=$set awk "$awk_records"'{
        file = $2; sub(/^\.\//, "", file)
        said = file; sub(/\.bson\.gz$/, "", said); sub(/^.*-/, "", said)
        if ($1 != said) record("damaged-backup-file", "set", ENVIRON["SET"], "piece", file, "reason", "the content differs from the checksum in the file name")
      }')
    add_records "$damaged"
  fi
  for copy in "$root/$set/base/"*/; do
    copy=${copy%/}
    label=${copy##*/}
    case $label in *.part) continue ;; esac
    [ -d "$copy" ] || continue
    why=$(copy_damage "$copy")
    [ -z "$why" ] || record damaged-backup-file set "$set" piece "$label" reason "$why"
  done
done <<END
$sets
END
end_records
