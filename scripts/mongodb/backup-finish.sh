# Reads a backup back, writes its manifest, and renames it to its final name.
# target: the backup's directory; facts: lines of its manifest, key <tab> value
# The manifest: facts, then archive, sha256, bytes, size (KiB unpacked), one line per file: file <tab> sha256 <tab> bytes
# <tab> path, and at the end the checksum of all previous lines.
part=$target.part
[ -d "$part" ] || { [ -f "$target/manifest" ] && exit 0; fail "the backup does not exist: $part"; }
IFS='	' read -r file size <"$part/taken"
sync -- "$part/$file"
case $file in *.zst) open='zstd -q -d -c' ;; *) open='gzip -d -c' ;; esac
{
  printf '%s\n' "$facts"
  printf 'stopped\t%s\n' "$(date +%s)"
  printf 'archive\t%s\n' "$file"
  printf 'sha256\t%s\n' "$(sha256sum -- "$part/$file" | cut -c 1-64)"
  printf 'bytes\t%s\n' "$(stat -c %s -- "$part/$file")"
  printf 'size\t%s\n' "$size"
  { $open "$part/$file" || echo broken >"$part/failed"; } | tar -x -f - \
    --to-command='printf "file\t%s\t%s\t%s\n" "$(sha256sum | cut -c 1-64)" "$TAR_SIZE" "$TAR_FILENAME"'
} >"$part/manifest"
[ ! -e "$part/failed" ] || fail "the written backup cannot be read"
printf 'sum\t%s\n' "$(sha256sum -- "$part/manifest" | cut -c 1-64)" >>"$part/manifest"
rm -f -- "$part/taken"
sync -- "$part/manifest" "$part"
mv -- "$part" "$target"
sync -- "$(dirname -- "$target")"
