# What a cluster's repository holds, by its names and manifests; changes nothing.
# root: the cluster's folder in it; sets: the names of its replica sets, one a line
# Answers: root <tab> KiB in all
#          slice <tab> set <tab> file <tab> bytes: closed, open, or a gap that was written down
#          state <tab> set <tab> last archived <tab> when, in ms <tab> pid of the archiver
#          copy <tab> set <tab> label <tab> key <tab> value ...: of a whole copy's manifest
#          found <tab> set <tab> label <tab> bytes of its data, or nothing when it is missing
#          part <tab> set <tab> label: what a killed run has left of a copy
#          proven <tab> when <tab> what
#          balancer: a backup has stopped it and not turned it on again
there "$root" || exit 0
printf 'root\t%s\n' "$(du -sk -- "$root" 2>/dev/null | cut -f 1)"
if [ -f "$root/proven" ]; then printf 'proven\t%s\n' "$(tail -n 1 -- "$root/proven")"; fi
if [ -f "$root/balancer" ]; then echo balancer; fi
printf '%s\n' "$sets" | while read -r set; do
  if [ -d "$root/$set/oplog" ]; then
    (cd "$root/$set/oplog" && find . -maxdepth 1 -type f \( -name '*.bson.gz' -o -name '*.open' -o -name 'gap-*' \) \
      -printf "slice\t$set\t%f\t%s\n")
    if [ -f "$root/$set/oplog/state" ]; then printf 'state\t%s\t%s\n' "$set" "$(cat -- "$root/$set/oplog/state")"; fi
  fi
  for copy in "$root/$set/base/"*/; do
    copy=${copy%/}
    label=${copy##*/}
    case $label in *.part) printf 'part\t%s\t%s\n' "$set" "$label"; continue ;; esac
    [ -f "$copy/manifest" ] || continue
    awk -F '\t' -v at="$set	$label" '$1 != "file" { print "copy\t" at "\t" $0 }' "$copy/manifest"
    data=$(awk -F '\t' '$1 == "archive" { print $2; exit }' "$copy/manifest")
    printf 'found\t%s\t%s\t%s\n' "$set" "$label" "$(stat -c %s -- "$copy/$data" 2>/dev/null || true)"
  done
done
