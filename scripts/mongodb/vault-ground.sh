# Whether a host can copy a member into the repository; changes nothing.
# root: the cluster's folder in it; data: the member's data
# Answers: mark <tab> what the repository's mark says here (empty: this host does not see it)
#          writable <tab> yes|no; need <tab> KiB of the data; free <tab> KiB free in the repository
printf 'mark\t%s\n' "$(cat -- "$root/holdfast.repository" 2>/dev/null || true)"
if [ -w "$root" ]; then echo "writable	yes"; else echo "writable	no"; fi
printf 'need\t%s\n' "$(du -sk -- "$data" 2>/dev/null | cut -f 1)"
printf 'free\t%s\n' "$(df -Pk -- "$root" 2>/dev/null | awk 'NR == 2 { print $4 }')"
