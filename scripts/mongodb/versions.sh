# Which versions the server programs of a host have; changes nothing.
# programs: one a line
# Answers: program <tab> version (empty when it does not say)
printf '%s\n' "$programs" | while read -r program; do
  version=$("$program" --version 2>/dev/null | sed -n 's/^.* version v\([0-9.]*\).*/\1/p' | head -n 1)
  printf '%s\t%s\n' "$program" "$version"
done
