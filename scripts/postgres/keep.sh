# Keeps what only this server has: its log from where it left the others, and the same in words.
# directory, binaries, timeline, position (where the new primary left that timeline), name (of the folder below kept/)
data=$directory/data
kept=$directory/kept/$name
[ ! -f "$kept/README" ] || exit 0
exec 9>>"$directory/.lock"
flock -w 60 9 || fail "another script is still at work in $directory"
mkdir -p -m 0700 -- "$directory/kept"
rm -rf -- "$kept.new"
mkdir -m 0700 -- "$kept.new" "$kept.new/pg_wal"
"$binaries/pg_waldump" -p "$data/pg_wal" -t "$timeline" -s "$position" >"$kept.new/log.txt" 2>"$kept.new/log.end" || true
end=$(sed -n 's/.*invalid record length at \([0-9A-F]*\/[0-9A-F]*\).*/\1/p' "$kept.new/log.end")
segment() { # POSITION: the number of its segment within its 4 GiB
  printf '%08X%08X' "0x${1%/*}" "$((0x${1#*/} / 16777216))"
}
first=$(printf '%08X' "$timeline")$(segment "$position")
last=$(printf '%08X' "$timeline")$(segment "${end:-FFFFFFFF/FFFFFFFF}")
for file in "$data/pg_wal/$(printf '%08X' "$timeline")"????????????????; do
  number=${file##*/}
  if expr "$number" '>=' "$first" >/dev/null && expr "$number" '<=' "$last" >/dev/null; then
    cp -p -- "$file" "$kept.new/pg_wal/"
  fi
done
printf '%s\n' "Log of timeline $timeline from $position${end:+ to $end}, which the new primary does not have." \
  "log.txt: the same in words, by pg_waldump. $(grep -c 'desc: COMMIT ' "$kept.new/log.txt" || true) commits are in it." >"$kept.new/README"
mv -T -- "$kept.new" "$kept"
