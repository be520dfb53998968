# Reports the versions of the server programs on a host; changes nothing.
# programs: one per line
# Output: program <tab> version (empty if unknown)
printf '%s\n' "$programs" | while read -r program; do
  version=$("$program" --version 2>/dev/null | sed -n 's/^.* version v\([0-9.]*\).*/\1/p' | head -n 1)
  printf '%s\t%s\n' "$program" "$version"
done
