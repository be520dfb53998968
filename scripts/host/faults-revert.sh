# Executes the reverts of faults that are on record on this host; prints the description of each reverted fault.
# directory: the estate's directory; fault: one fault's name, or empty for all
bad=0
for folder in "$directory/.faults/"${fault:-*}; do
  # earlier versions wrote the revert and the description to other files
  program=$folder/revert
  [ -f "$program" ] || program=$folder/mend
  [ -f "$program" ] || continue
  if sh -s <"$program" >&2; then
    text=$folder/description
    [ -f "$text" ] || text=$folder/story
    printf '%s\t%s\n' "${folder##*/}" "$(cat "$text")"
    rm -rf -- "$folder"
  else
    say "the revert of ${folder##*/} failed"
    bad=1
  fi
done
rmdir -- "$directory/.faults" 2>/dev/null || true
exit $bad
