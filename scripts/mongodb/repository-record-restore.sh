# Records that a restore from this repository was verified.
# root: the cluster's directory in the repository; line: the time and the target of the restore
printf '%s\n' "$line" >>"$root/proven"
sync -- "$root/proven"
