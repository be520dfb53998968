# Reports the contents of a cluster's repository; changes nothing.
# folder (a repository per system below it), system (its identifier; empty: the one with the newest backups), stanza
# config: its configuration; @system@ is a placeholder for the system identifier
# Answers, fields separated by a tab:
#   system ID, other ID                  the reported repository, and others below the folder
#   free BYTES, size BYTES               of its file system, of all its files
#   document JSON                        the base backups: the output of pgbackrest info for this stanza, on one line
#   range FIRST LAST                     names of archived segments without a gap, of one timeline, equal in the middle 8 digits;
#                                        without unfinished files
#   history TIMELINE LINE                the lines of an archived history, and once that timeline without a line; an ancestor
#                                        of a newer timeline is in the history of the newer one
#   proven TEXT                          time of the last verified restore
there "$folder" || exit 0
names=$(ls -1 -- "$folder" 2>&1) || fail "$names"
if [ -z "$system" ]; then
  system=$(ls -1td -- "$folder"/[0-9]*/archive/"$stanza"/archive.info 2>/dev/null | head -n 1 | sed "s|^$folder/||; s|/.*||")
fi
for other in $(printf '%s\n' "$names" | grep -E '^[0-9]+$' || true); do
  [ "$other" = "$system" ] || printf 'other\t%s\n' "$other"
done
repo=$folder/$system
[ -n "$system" ] && there "$repo/archive/$stanza/archive.info" || exit 0
printf 'system\t%s\n' "$system"
printf 'free\t%s\n' "$(df -B1 --output=avail -- "$repo" | tail -n 1 | tr -d ' ')"
printf 'size\t%s\n' "$(du -sb -- "$repo" 2>/dev/null | cut -f 1)"

private_config
get() { as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" repo-get "$1"; }

# info takes the lock of a backup for a moment, to see whether one runs; with a lock path of its own it cannot stop one that starts
as "$user" pgbackrest --config="$private/conf" --lock-path="$private/pieces" --stanza="$stanza" --output=json info \
  >"$private/info" 2>"$private/said" || fail "pgbackrest info: $(tail -n 3 "$private/said")"
printf 'document\t%s\n' "$(tr -d '\n' <"$private/info" | sed 's/^\[//; s/]$//')"
# info knows only the first and the last segment, and no histories: which single segments exist is read from the file names
names=$(ls -1 -- "$repo/archive/$stanza" 2>&1) || fail "$names"
id=$(printf '%s\n' "$names" | grep -E '^[0-9]+-[0-9]+$' | sort -V | tail -n 1)
[ -n "$id" ] || exit 0
find "$repo/archive/$stanza/$id" -mindepth 2 -maxdepth 2 -type f -printf '%f\n' >"$private/segments" 2>"$private/said" ||
  ! grep -qv 'No such file or directory$' "$private/said" || fail "$(tail -n 3 "$private/said")" # a concurrent rename is not an error
<"$private/segments" sed -n 's/^\([0-9A-F]\{24\}\)-[0-9a-f]\{40\}\(\.[a-z0-9]\{2,4\}\)\{0,1\}$/\1/p' | sort -u | awk '
  function number(h,   i, n) { for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return n }
  function show() { if (first != "") printf "range\t%s\t%s\n", first, last }
  {
    n = number(substr($0, 17))
    if (first == "" || substr($0, 1, 16) != substr(first, 1, 16) || n != end + 1) { show(); first = $0 }
    last = $0; end = n
  }
  END { show() }'
known=
for timeline in $(ls -1 -- "$repo/archive/$stanza/$id" | sed -n 's/^\([0-9A-F]\{8\}\)\.history$/\1/p' | sort -r); do
  case " $known " in *" $((0x$timeline)) "*) continue ;; esac
  get "archive/$stanza/$id/$timeline.history" >"$private/history" 2>"$private/said" || fail "pgbackrest repo-get: $(tail -n 3 "$private/said")"
  printf 'history\t%s\t\n' "$timeline"
  awk -v head="history$tab$timeline$tab" 'NF && $1 !~ /^#/ {print head $1 " " $2}' "$private/history"
  known="$known $(awk 'NF && $1 !~ /^#/ {printf "%d ", $1}' "$private/history")"
done
[ ! -s "$folder/proven" ] || printf 'proven\t%s\n' "$(tail -n 1 -- "$folder/proven")"
