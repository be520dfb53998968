# Reads the files that a restore needs and compares each with its checksum; changes nothing.
# root: the cluster's directory in the repository; pieces: one per line: set <tab> slice or copy <tab> its file or label
# Records: damaged-backup-file set piece reason; a piece is the file of a slice, or the label of a backup
begin_records mongodb/restore-verify
while IFS="$tab" read -r set kind piece; do
  case $kind in
    slice)
      file=$root/$set/oplog/$piece
      there "$file" || { record damaged-backup-file set "$set" piece "$piece" reason 'the file is missing'; continue; }
      said=${piece%.bson.gz}
      [ "$(sha256sum -- "$file" | cut -c 1-64)" = "${said##*-}" ] ||
        record damaged-backup-file set "$set" piece "$piece" reason 'the content differs from the checksum in the file name'
      ;;
    copy)
      why=$(copy_damage "$root/$set/base/$piece")
      [ -z "$why" ] || record damaged-backup-file set "$set" piece "$piece" reason "$why"
      ;;
  esac
done <<END
$pieces
END
end_records
