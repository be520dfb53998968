# Says the mends of breaks that are on record on this host; answers the story of each that was mended.
# directory: the estate's folder; fault: one break's name, or empty for all
bad=0
for folder in "$directory/.faults/"${fault:-*}; do
  [ -f "$folder/mend" ] || continue
  if sh -s <"$folder/mend" >&2; then
    printf '%s\t%s\n' "${folder##*/}" "$(cat "$folder/story")"
    rm -rf -- "$folder"
  else
    say "the mend of ${folder##*/} failed"
    bad=1
  fi
done
rmdir -- "$directory/.faults" 2>/dev/null || true
exit $bad
