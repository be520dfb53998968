# Reads the files that a restore needs and compares each with its checksum; changes nothing.
# root: the cluster's directory in the repository; pieces: one per line: set <tab> slice or copy <tab> its file or label
# Output: bad <tab> set <tab> piece <tab> reason; a piece is the file of a slice, or the label of a backup
printf '%s\n' "$pieces" | while IFS="$tab" read -r set kind piece; do
  case $kind in
    slice)
      file=$root/$set/oplog/$piece
      there "$file" || { printf 'bad\t%s\t%s\tit is missing\n' "$set" "$piece"; continue; }
      said=${piece%.bson.gz}
      [ "$(sha256sum -- "$file" | cut -c 1-64)" = "${said##*-}" ] ||
        printf 'bad\t%s\t%s\tits content differs from the checksum in its name\n' "$set" "$piece"
      ;;
    copy)
      why=$(copy_damage "$root/$set/base/$piece")
      [ -z "$why" ] || printf 'bad\t%s\t%s\t%s\n' "$set" "$piece" "$why"
      ;;
  esac
done
