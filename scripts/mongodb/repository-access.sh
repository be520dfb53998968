# Reports whether a host can write a backup of a member into the repository; changes nothing.
# root: the cluster's directory in the repository; data: the member's data directory
# Output: mark <tab> the repository's mark as observed on this host (empty: this host does not have the repository)
#         writable <tab> yes|no; need <tab> KiB of the data; free <tab> free KiB in the repository
printf 'mark\t%s\n' "$(cat -- "$root/holdfast.repository" 2>/dev/null || true)"
if [ -w "$root" ]; then echo "writable	yes"; else echo "writable	no"; fi
printf 'need\t%s\n' "$(du -sk -- "$data" 2>/dev/null | cut -f 1)"
printf 'free\t%s\n' "$(df -Pk -- "$root" 2>/dev/null | awk 'NR == 2 { print $4 }')"
