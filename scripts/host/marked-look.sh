# Finds the directories with an estate's mark below one directory; changes nothing.
# root: where to search; depth: how deep at most; mark: the estate's name
# Records: marked id directory
begin_records host/marked-look
[ -d "$root" ] || { end_records; exit 0; }
files=$(find "$root" -maxdepth "$depth" -type d -name data -prune -o -maxdepth "$depth" -type f -name holdfast.node -print 2>/dev/null | sort)
while IFS= read -r file; do
  estate= id=
  { read -r estate id <"$file"; } 2>/dev/null || true
  [ "$estate" = "$mark" ] || continue
  record marked id "$id" directory "${file%/holdfast.node}"
done <<END
$files
END
end_records
