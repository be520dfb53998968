# Reports the versions of the server programs on a host; changes nothing.
# programs: one per line
# Records: program name version (empty if unknown)
begin_records mongodb/versions
while read -r program; do
  version=$("$program" --version 2>/dev/null | sed -n 's/^.* version v\([0-9.]*\).*/\1/p' | head -n 1)
  record program name "$program" version "$version"
done <<END
$programs
END
end_records
