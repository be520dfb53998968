# Finds the directories with an estate's mark below one directory; changes nothing.
# root: where to search; depth: how deep at most; mark: the estate's name
# Prints: marked <tab> id <tab> directory
[ -d "$root" ] || exit 0
find "$root" -maxdepth "$depth" -type d -name data -prune -o -maxdepth "$depth" -type f -name holdfast.node -print 2>/dev/null |
  sort | while read -r file; do
  estate= id=
  { read -r estate id <"$file"; } 2>/dev/null || true
  [ "$estate" = "$mark" ] || continue
  printf 'marked\t%s\t%s\n' "$id" "${file%/holdfast.node}"
done
