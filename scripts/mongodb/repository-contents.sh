# Lists the contents of a cluster's repository from file names and manifests; changes nothing.
# root: the cluster's directory in the repository; sets: the names of its replica sets, one per line
# Records:
#   root kib                          its total size
#   slice set file bytes              closed, open, or a recorded gap
#   archived-up-to set last millis    last archived operation, and the time of that report
#   manifest set label name value detail   a line in the manifest of a complete backup
#   archive set label bytes           the size of its data file; no record if the file is missing
#   part set label                    an incomplete backup of a killed run
#   proven at target                  of a verified restore
#   balancer                          a backup has stopped the balancer and not turned it on
begin_records mongodb/repository-contents
there "$root" || { end_records; exit 0; }
size=$(du -sk -- "$root" 2>/dev/null | cut -f 1)
record root kib "${size:-0}"
if [ -s "$root/proven" ]; then
  last_line "$root/proven"
  record proven at "${last%%"$tab"*}" target "${last#*"$tab"}"
fi
if [ -f "$root/balancer" ]; then record balancer; fi
while read -r set; do
  if [ -d "$root/$set/oplog" ]; then
    slices=$(cd "$root/$set/oplog" && find . -maxdepth 1 -type f \( -name '*.bson.gz' -o -name '*.open' -o -name 'gap-*' \) \
      -exec stat -c "%s$tab%n" {} + | SET=$set awk -F '\t' "$awk_records"'{
        sub(/^\.\//, "", $2)
        record("slice", "set", ENVIRON["SET"], "file", $2, "bytes", $1)
      }')
    add_records "$slices"
    last= millis=
    { IFS="$tab" read -r last millis process <"$root/$set/oplog/state"; } 2>/dev/null || true
    case $millis in '' | *[!0-9]*) ;; *) record archived-up-to set "$set" last "$last" millis "$millis" ;; esac
  fi
  for copy in "$root/$set/base/"*/; do
    copy=${copy%/}
    label=${copy##*/}
    case $label in *.part) record part set "$set" label "$label"; continue ;; esac
    [ -f "$copy/manifest" ] || continue
    lines=$(SET=$set LABEL=$label awk -F '\t' "$awk_records"'
      $1 != "file" {record("manifest", "set", ENVIRON["SET"], "label", ENVIRON["LABEL"], "name", $1, "value", $2, "detail", $3)}' \
      "$copy/manifest")
    add_records "$lines"
    data=$(awk -F '\t' '$1 == "archive" { print $2; exit }' "$copy/manifest")
    bytes=$(stat -c %s -- "$copy/$data" 2>/dev/null || true)
    [ -z "$bytes" ] || record archive set "$set" label "$label" bytes "$bytes"
  done
done <<END
$sets
END
end_records
