# Lists the contents of a cluster's repository from file names and manifests; changes nothing.
# root: the cluster's directory in the repository; sets: the names of its replica sets, one per line
# Output: root <tab> KiB in total
#         slice <tab> set <tab> file <tab> bytes: closed, open, or a recorded gap
#         state <tab> set <tab> last archived operation <tab> time in ms <tab> pid of the archiver
#         copy <tab> set <tab> label <tab> key <tab> value ...: a line in the manifest of a complete backup
#         found <tab> set <tab> label <tab> bytes of its data, or nothing if it is missing
#         part <tab> set <tab> label: an incomplete backup of a killed run
#         proven <tab> time <tab> target of a verified restore
#         balancer: a backup has stopped the balancer and not turned it on
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
