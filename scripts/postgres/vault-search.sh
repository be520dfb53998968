# Reads archived segments, in the order given, and tells of what is in them; changes nothing.
# folder, system, stanza, binaries; config: how to read the repository
# segments: names, one a line; for each: what (times: the last commit; after a name there may be those before it, with spaces
#   between, which are gone through until one has a commit; point NAME: a restore point; xid NUMBER: a commit; drops: commits that removed tables)
# Answers, fields separated by a tab:
#   last SEGMENT TIME                    the last commit at or before the end of a segment
#   point SEGMENT LSN TIME, xid SEGMENT LSN TIME, drop SEGMENT LSN TIME XID
#   unread SEGMENT WORDS                 it could not be had or not be read
private_config

# words SEGMENT RMGR: its records of one kind, as text
words() {
  rm -f -- "$private/$1"
  if ! as "$user" pgbackrest --config="$private/conf" --pg1-path="$folder/$system/control" --stanza="$stanza" \
    archive-get "$1" "$private/$1" >"$private/said" 2>&1; then
    printf 'unread\t%s\t%s\n' "$1" "$(tr '\n\t' '  ' <"$private/said" | tail -c 300)" >&3
    return 0
  fi
  TZ=UTC "$binaries/pg_waldump" -r "$2" "$private/$1" 2>"$private/said" || true
  rm -f -- "$private/$1"
}
exec 3>&1
case $what in
  times)
    printf '%s\n' "$segments" | while read -r segment before; do
      for at in $segment $before; do
        found=$(words "$at" Transaction | sed -n 's/.*desc: \(COMMIT\|ABORT\|COMMIT_PREPARED\|ABORT_PREPARED\) \([0-9]\{4\}-[^;]*\)\(;.*\)\{0,1\}$/\2/p' | tail -n 1)
        if [ -n "$found" ]; then printf 'last\t%s\t%s\n' "$segment" "$found"; break; fi
      done
    done
    ;;
  point | xid | drops)
    [ "$what" = point ] && kind=XLOG || kind=Transaction
    printf '%s\n' "$segments" | while read -r segment; do
      words "$segment" "$kind" | WHAT=$what WORD=$word SEGMENT=$segment awk -v t="$tab" '
        {
          match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/); lsn = substr($0, RSTART + 5, RLENGTH - 5)
          match($0, /tx: +[0-9]+/); xid = substr($0, RSTART + 3, RLENGTH - 3); gsub(/ /, "", xid)
          desc = $0; sub(/.*desc: /, "", desc)
        }
        ENVIRON["WHAT"] == "point" && desc == "RESTORE_POINT " ENVIRON["WORD"] {print "point" t ENVIRON["SEGMENT"] t lsn t ""}
        desc !~ /^COMMIT/ {next}
        {time = desc; sub(/^COMMIT(_PREPARED)? /, "", time); sub(/;.*/, "", time)}
        ENVIRON["WHAT"] == "xid" && xid == ENVIRON["WORD"] {print "xid" t ENVIRON["SEGMENT"] t lsn t time}
        ENVIRON["WHAT"] == "drops" && desc ~ /; rels: / {print "drop" t ENVIRON["SEGMENT"] t lsn t time t xid}'
    done
    ;;
esac
