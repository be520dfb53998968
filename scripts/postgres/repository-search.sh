# Searches archived segments, in the given order; changes nothing.
# folder, system, stanza, binaries; config: the configuration of the repository
# segments: names, one a line; for each: what (times: the last commit; after a name there may be those before it, with spaces
#   between, which are gone through until one has a commit; first: the first commit at or after the LSN that is the first word of the
#   line, in the segments named after it; point NAME: a restore point; xid NUMBER: a commit; drops: commits that removed tables)
# Records:
#   last-commit segment time lsn          the last commit at or before the end of a segment
#   first-commit from segment time        the first commit at or after the LSN from; segment: the first that was named
#   match kind segment lsn time xid       kind: point, xid or drop; time: empty for a restore point; xid: of a drop
#   unread segment reason                 it could not be fetched or read
begin_records postgres/repository-search
private_config

# words SEGMENT RMGR: its records of one kind, as text
words() {
  rm -f -- "$private/pieces/$1"
  if ! as "$user" pgbackrest --config="$private/conf" --pg1-path="$folder/$system/control" --stanza="$stanza" \
    archive-get "$1" "$private/pieces/$1" >"$private/said" 2>&1; then
    printf 'unread\t%s\t%s\n' "$1" "$(tr '\n\t' '  ' <"$private/said" | tail -c 300)" >&3
    return 0
  fi
  TZ=UTC "$binaries/pg_waldump" -r "$2" "$private/pieces/$1" 2>"$private/said" || true
  rm -f -- "$private/pieces/$1"
}
# search: what was found, fields separated by a tab, in the order of the record types above
search() {
  exec 3>&1
  case $what in
    times)
      printf '%s\n' "$segments" | while read -r segment before; do
        for at in $segment $before; do
          found=$(words "$at" Transaction | awk -v t="$tab" '
            /desc: (COMMIT|ABORT)(_PREPARED [0-9]+:)? [0-9][0-9][0-9][0-9]-/ {
              match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/); lsn = substr($0, RSTART + 5, RLENGTH - 5)
              sub(/.*desc: (COMMIT|ABORT)(_PREPARED [0-9]+:)? /, ""); sub(/;.*/, "")
              last = $0 t lsn
            }
            END { if (last != "") print last }')
          if [ -n "$found" ]; then printf 'last\t%s\t%s\n' "$segment" "$found"; break; fi
        done
      done
      ;;
    first)
      printf '%s\n' "$segments" | while read -r from segment after; do
        for at in $segment $after; do
          found=$(words "$at" Transaction | FROM=$from awk '
            function number(l,   p) { split(l, p, "/"); return hex(p[1]) * 4294967296 + hex(p[2]) }
            function hex(h,   i, n) { for (i = 1; i <= length(h); i++) n = n * 16 + index("0123456789ABCDEF", substr(h, i, 1)) - 1; return n + 0 }
            BEGIN { from = number(ENVIRON["FROM"]) }
            match($0, /lsn: [0-9A-F]+\/[0-9A-F]+/) && number(substr($0, RSTART + 5, RLENGTH - 5)) >= from && /desc: COMMIT/ {
              sub(/.*desc: COMMIT(_PREPARED [0-9]+:)? */, ""); sub(/;.*/, ""); print; exit
            }')
          if [ -n "$found" ]; then printf 'first\t%s\t%s\t%s\n' "$from" "$segment" "$found"; break; fi
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
}
found=$(search)
lines=$(printf '%s\n' "$found" | awk -F '\t' "$awk_records"'
  $1 == "last" {record("last-commit", "segment", $2, "time", $3, "lsn", $4)}
  $1 == "first" {record("first-commit", "from", $2, "segment", $3, "time", $4)}
  $1 ~ /^(point|xid|drop)$/ {record("match", "kind", $1, "segment", $2, "lsn", $3, "time", $4, "xid", $5)}
  $1 == "unread" {record("unread", "segment", $2, "reason", $3)}')
add_records "$lines"
end_records
