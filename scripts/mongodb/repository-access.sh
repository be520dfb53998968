# Reports whether a host can write a backup of a member into the repository; changes nothing.
# root: the cluster's directory in the repository; data: the member's data directory
# Records: mount-access mark writable need free; mark: the repository's mark as observed on this host, empty if this host does not have the
#   repository; writable: yes or no; need: KiB of the data; free: free KiB in the repository, 0 if unknown
begin_records mongodb/repository-access
last_line "$root/holdfast.repository"
if [ -w "$root" ]; then writable=yes; else writable=no; fi
need=$(du -sk -- "$data" 2>/dev/null | cut -f 1)
free=$(df -Pk -- "$root" 2>/dev/null | awk 'NR == 2 { print $4 }')
case $free in *[!0-9]*) free= ;; esac
record mount-access mark "$last" writable "$writable" need "${need:-0}" free "${free:-0}"
end_records
