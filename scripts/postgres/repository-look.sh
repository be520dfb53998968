# Reports the contents of a cluster's repository; changes nothing.
# folder (a repository per system below it), system (its identifier; empty: the one with the newest backups), stanza
# what: all, or backups: only the base backups, without a look at every file
# config: its configuration; @system@ is a placeholder for the system identifier
# Records:
#   repository id              the reported repository: a system identifier
#   other id                   another one below the folder
#   disk free size             bytes free on its file system, bytes of all its files; -1: unknown
#   document json              the base backups: the output of pgbackrest info for this stanza
#   range first last           names of archived segments without a gap, of one timeline, equal in the middle 8 digits;
#                              without unfinished files
#   history timeline           an archived history, in 8 hex digits; an ancestor of a newer timeline is in the history of the newer one
#   ended timeline of lsn      the end of an earlier timeline (of) in that history
#   proven time                time of the last verified restore
begin_records postgres/repository-look
there "$folder" || { end_records; exit 0; }
names=$(ls -1 -- "$folder" 2>&1) || fail "$names"
if [ -z "$system" ]; then
  system=$(ls -1td -- "$folder"/[0-9]*/archive/"$stanza"/archive.info 2>/dev/null | head -n 1 | sed "s|^$folder/||; s|/.*||")
fi
for other in $(printf '%s\n' "$names" | grep -E '^[0-9]+$' || true); do
  [ "$other" = "$system" ] || record other id "$other"
done
repo=$folder/$system
[ -n "$system" ] && there "$repo/archive/$stanza/archive.info" || { end_records; exit 0; }
record repository id "$system"
free=$(df -B1 --output=avail -- "$repo" | tail -n 1 | tr -d ' ')
size=
[ "$what" = backups ] || size=$(du -sb -- "$repo" 2>/dev/null | cut -f 1)
record disk free "${free:--1}" size "${size:--1}"

private_config
get() { as "$user" pgbackrest --config="$private/conf" --stanza="$stanza" repo-get "$1"; }

# info takes the lock of a backup for a moment, to see whether one runs; with a lock path of its own it cannot stop one that starts
as "$user" pgbackrest --config="$private/conf" --lock-path="$private/pieces" --stanza="$stanza" --output=json info \
  >"$private/info" 2>"$private/said" || fail "pgbackrest info: $(tail -n 3 "$private/said")"
add_records "$(tr -d '\n' <"$private/info" | sed 's/^\[//; s/]$//' | awk "$awk_records"'{record("document", "json", $0)}')"
[ "$what" = all ] || { end_records; exit 0; }
# info knows only the first and the last segment, and no histories: which single segments exist is read from the file names
names=$(ls -1 -- "$repo/archive/$stanza" 2>&1) || fail "$names"
id=$(printf '%s\n' "$names" | grep -E '^[0-9]+-[0-9]+$' | sort -V | tail -n 1)
[ -n "$id" ] || { end_records; exit 0; }
find "$repo/archive/$stanza/$id" -mindepth 2 -maxdepth 2 -type f -printf '%f\n' >"$private/segments" 2>"$private/said" ||
  ! grep -qv 'No such file or directory$' "$private/said" || fail "$(tail -n 3 "$private/said")" # a concurrent rename is not an error
add_records "$(<"$private/segments" sed -n 's/^\([0-9A-F]\{24\}\)-[0-9a-f]\{40\}\(\.[a-z0-9]\{2,4\}\)\{0,1\}$/\1/p' | sort -u | awk "$awk_records"'
  function number(h,   i, n) { for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return n }
  function show() { if (first != "") record("range", "first", first, "last", last) }
  {
    n = number(substr($0, 17))
    if (first == "" || substr($0, 1, 16) != substr(first, 1, 16) || n != end + 1) { show(); first = $0 }
    last = $0; end = n
  }
  END { show() }')"
known=
for timeline in $(ls -1 -- "$repo/archive/$stanza/$id" | sed -n 's/^\([0-9A-F]\{8\}\)\.history$/\1/p' | sort -r); do
  case " $known " in *" $((0x$timeline)) "*) continue ;; esac
  get "archive/$stanza/$id/$timeline.history" >"$private/history" 2>"$private/said" || fail "pgbackrest repo-get: $(tail -n 3 "$private/said")"
  record history timeline "$timeline"
  add_records "$(awk -v timeline="$timeline" "$awk_records"'
    NF && $1 !~ /^#/ {record("ended", "timeline", timeline, "of", $1, "lsn", $2)}' "$private/history")"
  known="$known $(awk 'NF && $1 !~ /^#/ {printf "%d ", $1}' "$private/history")"
done
if [ -s "$folder/proven" ]; then
  proven=$(tail -n 1 -- "$folder/proven")
  record proven time "${proven%% *}"
fi
end_records
