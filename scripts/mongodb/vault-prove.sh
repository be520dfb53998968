# Writes down that a restore out of this repository was verified.
# root: the cluster's folder in it; line: when, and what was brought back
printf '%s\n' "$line" >>"$root/proven"
sync -- "$root/proven"
